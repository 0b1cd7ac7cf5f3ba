# The tests of the zip side of the room.
set(here "${CMAKE_CURRENT_LIST_DIR}")
zegel_test(passphrase SOURCES ${here}/passphrase_test.cpp DEPENDS zip)
zegel_test(zip SOURCES ${here}/zip_lock_test.cpp ${here}/zip_beside_test.cpp ${here}/zip_sealer_test.cpp ${here}/cover_test.cpp ${here}/html_images_test.cpp ${here}/locked_test.cpp
  DEPENDS seal zip)
