#pragma once
// What people read in the words of the organisation (alerts.templates).

#include "alerts/alert.h"
#include "alerts/mail_text.h"
#include "config/message_templates.h"

namespace embargod {

/// Fills the templates there are from `c` and the alert's identity, into `c.subject` and `c.own_*`. A template that
/// gives nothing, or more than people can be sent, leaves our own words: telling comes before wording. The mark of a
/// drill, a test or a rehearsal is put in front wherever a template does not show it. Pure.
void say_in_own_words(MailContent& c, const Alert& alert, const MessageTemplates& templates);

}  // namespace embargod
