#include "daemon/evidence/checkpoint.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "daemon/evidence/base64.h"
#include "tests/daemon/evidence/captured.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

namespace fs = std::filesystem;

const Checkpoint kHead{.size = 7, .root = sha256("root"), .at = Instant{Millis{1'524'474'000'123}}};

TEST(Base64Test, ReadsWhatItWritesAndNothingElse) {
  for (std::size_t n = 0; n < 20; ++n) {
    const std::string bytes(n, '\xFB');
    EXPECT_EQ(from_base64(base64(bytes)), bytes);
  }
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");  // RFC 4648 section 10
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  for (const char* bad :
       {"Zg", "Zg=", "Zh==", "Z===", "====", "Zm9vYg==Zm9v", "Zm 9", "Zm9v\n", "Zm-v", "=m9v", "Z=9v"})
    EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
}

TEST(CheckpointTest, HasTheFormOfC2sp) {
  const SigningKey key = SigningKey::fresh();
  const std::string root{reinterpret_cast<const char*>(kHead.root.data()), 32};
  const std::string note = checkpoint_note(kHead, key);
  EXPECT_TRUE(note.starts_with(key.verifier().name + "\n7\n" + base64(root) + "\n2018-04-23T09:00:00.123Z\n\n\u2014 " +
                               key.verifier().name + " "));
  EXPECT_EQ(read_checkpoint(note, key.verifier()).value(), kHead);
  EXPECT_EQ(verifier_from(to_text(key.verifier())).value(), key.verifier());
  EXPECT_FALSE(read_checkpoint(note, SigningKey::fresh().verifier()));
}

TEST(CheckpointTest, AnyOtherByteBreaksIt) {
  const SigningKey key = SigningKey::fresh();
  const std::string note = checkpoint_note(kHead, key);
  for (std::size_t at = 0; at < note.size(); ++at) {
    for (const int bit : {1, 32, 128}) {
      std::string bent = note;
      bent[at] = static_cast<char>(bent[at] ^ bit);
      EXPECT_FALSE(read_checkpoint(bent, key.verifier())) << at;
    }
    EXPECT_FALSE(read_checkpoint(note.substr(0, at), key.verifier())) << at;
  }
  EXPECT_FALSE(read_checkpoint(note + "\n", key.verifier()));
  EXPECT_FALSE(read_checkpoint(note + note, key.verifier()));
  const std::string text = to_text(key.verifier());
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string bent = text;
    bent[at] = static_cast<char>(bent[at] ^ 1);
    EXPECT_FALSE(verifier_from(bent)) << at;
  }
}

TEST(CheckpointTest, TheKeyIsMadeOnceAndIsClosedToOthers) {
  const TempFolder folder;
  const auto made = SigningKey::open_or_make(folder.path());
  ASSERT_TRUE(made) << to_string(made.error());
  const std::string file = folder.path() + "/evidence.key";
  EXPECT_EQ(static_cast<unsigned>(fs::status(file).permissions()), 0600U);
  EXPECT_EQ(file_text(folder.path() + "/evidence.pub"), to_text(made->verifier()) + "\n");
  EXPECT_EQ(SigningKey::open_or_make(folder.path())->verifier(), made->verifier());
  ::chmod(file.c_str(), 0644);
  EXPECT_EQ(SigningKey::open_or_make(folder.path()).error().code, Errc::corrupt);
  ::chmod(file.c_str(), 0600);
  std::ofstream{file, std::ios::trunc} << "not a key";
  EXPECT_EQ(SigningKey::open_or_make(folder.path()).error().code, Errc::corrupt);
}

}  // namespace
}  // namespace embargod
