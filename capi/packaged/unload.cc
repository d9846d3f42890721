// With libstdc++ inside, unloading libpatron.so must also give back what that libstdc++ took.
//
// It sets 72 KB aside when it is loaded, to throw from when memory is out, and never gives them
// back: a host that loads and unloads plugins would lose 72,704 bytes each time, as measured.
// libstdc++'s own function for leak checkers frees them. No call of patron runs by then.
namespace __gnu_cxx {
void __freeres();  // NOLINT: libstdc++'s name, which no header declares
}  // namespace __gnu_cxx

namespace {

[[gnu::destructor]] void give_back() { __gnu_cxx::__freeres(); }

}  // namespace
