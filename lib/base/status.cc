#include "patron/status.h"

namespace patron {
inline namespace v0 {

const char* code_name(Code code) {
  switch (code) {
    case Code::kOk:
      return "ok";
    case Code::kArgument:
      return "argument";
    case Code::kUnsupported:
      return "unsupported";
    case Code::kHandle:
      return "handle";
    case Code::kBuffer:
      return "buffer";
    case Code::kSyntax:
      return "syntax";
    case Code::kDocument:
      return "document";
    case Code::kZone:
      return "zone";
    case Code::kColumn:
      return "column";
    case Code::kType:
      return "type";
    case Code::kLength:
      return "length";
    case Code::kEmpty:
      return "empty";
    case Code::kNull:
      return "null";
    case Code::kNumber:
      return "number";
    case Code::kOverflow:
      return "overflow";
    case Code::kTime:
      return "time";
    case Code::kUtf8:
      return "utf8";
    case Code::kArrow:
      return "arrow";
    case Code::kState:
      return "state";
    case Code::kIo:
      return "io";
    case Code::kMemory:
      return "memory";
    case Code::kLimit:
      return "limit";
    case Code::kCancelled:
      return "cancelled";
    case Code::kCallback:
      return "callback";
    case Code::kInternal:
      return "internal";
  }
  return "unknown";
}

}  // namespace v0
}  // namespace patron
