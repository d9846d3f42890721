# Runs a program and compares what it prints with a file: -DPROGRAM=... -DWANTED=... -P compare.cmake
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE result)
file(READ ${WANTED} wanted)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${result}")
endif()
if(NOT printed STREQUAL wanted)
  message(FATAL_ERROR "${PROGRAM} printed\n${printed}\nand not, as ${WANTED} has it,\n${wanted}")
endif()
