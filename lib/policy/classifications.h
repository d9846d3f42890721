// What each kind of classification asks for beyond its classes. Thread class: serial.
#pragma once

#include <string>

#include "lib/policy/draft.h"

namespace patron::internal::policy {

/// Reads and checks what belongs to the kind of classification `which`, whose classes are read.
void read_kind(const Cursor& at, const std::string& name, Draft& draft, size_t which);

}  // namespace patron::internal::policy
