// Everything that patron says about a world, as text: the outcomes of all functions, the messages
// of all errors that a bent call gives, numbers and times written and read. Whatever surrounds the
// process, these are the same bytes.
#pragma once

#include <string>

namespace patron::test {

std::string transcript();

}  // namespace patron::test
