#pragma once
// Documents as the first embargod wrote them (schema 1, document form 1), word for word.

namespace embargod {

inline constexpr const char* kForm1Incident =
    R"({"acknowledged":{"at":1524485000000,"by":"officer","note":"seen"},)"
    R"("affected":[],"clock_verified":true,"closed":null,"closed_by":"","closed_reason":"","confidence":2,)"
    R"("contained":1524485300000,"detected":1524484800000,"due":1524657600000,"evidence":["sha256:00"],"firing":true,)"
    R"("id":"01CBR0000000000000000000AB","kind":0,"near_due":false,"ordinal":1,"release":"therapies",)"
    R"("site":"stats.example.org","state":2,"steps":3,"targets":[{"blind":1500,"dark_streak":3,"first":{"age":7,)"
    R"("cause":0,"digest":"sha256:00","done":1524484800000,"done_ticks":120,"error":12,"liveness":3,)"
    R"("remote_ip":"192.0.2.7","rule":"generic: 200","sent":1524484799900,"sent_ticks":20,"size":4711,"status":200},)"
    R"("seen_live":true,"spans":[{"ended_by":0,"last_live_age":null,"last_live_done":1524485200000,)"
    R"("last_live_error":12,"last_live_sent":1524485199900,"longest_gap":2000,"looks":200,"origin_down":null,)"
    R"("origin_live":null,"went_down":{"earliest":1524485199888,"latest":1524485202012},)"
    R"("went_live":{"earliest":1524484740000,"latest":1524484800012}}],"target":"therapies/page",)"
    R"("url":"https://stats.example.org/pub/therapies"}],"title":"Psychological therapies","v":1})";

inline constexpr const char* kForm1Track =
    R"({"blind":{"cause":4,"from":1524484700000,"release":"therapies",)"
    R"("site":"stats.example.org","target":"therapies/page","to":null},"cause":4,"conclusive":0,)"
    R"("dark":{"error":12,"origin_floor":null,"sent":1524484699000},"dark_streak":4,"last_conclusive":1524484700000,)"
    R"("last_look":1524484760000,"liveness":5,"muted_by":"","release":"therapies","released":null,)"
    R"("rule":"engine: timeout","site":"stats.example.org","status":0,"target":"therapies/page",)"
    R"("url":"https://stats.example.org/pub/therapies","v":1,"was_early":false})";

// What stored_release("therapies") was stored as.
inline constexpr const char* kForm1Release =
    R"({"due":{"as_given":"2018-04-25 13:00","at":1524657600000,)"
    R"("period_begin":null,"period_end":null,"precision":0,"zone":"Europe/London"},"id":"therapies",)"
    R"("source":"releases.yml","status":1,"targets":[{"id":"therapies/page","profile":"generic",)"
    R"("release":"therapies","role":0,"url":{"host":"stats.example.org","path_query":"/pub/therapies","port":443,)"
    R"("scheme":"https","text":"https://stats.example.org/pub/therapies"}}],"title":"A title","v":1})";

}  // namespace embargod
