#include "expect.h"

int main(void) {
  use_text_and_version();
  use_time();
  use_money();
  use_tables();
  use_arrow();
  use_cancel();
  use_workspace();
  use_segments();
  use_rfm();
  use_cuts();
  use_rank();
  use_weights();
  use_nps();
  use_expressions();
  use_ltv_summary();
  use_ltv();
  use_policy();
  use_engine();
  return 0;
}
