#pragma once

#include <string>

#include "config/message_templates.h"

namespace embargod {

/// How people are told.
struct Wording {
  std::string zone;              // in which the time of sending is stated
  MessageTemplates templates{};  // the organisation's words where there are any
};

}  // namespace embargod
