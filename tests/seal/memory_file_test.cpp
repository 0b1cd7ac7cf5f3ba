#include "seal/memory_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zegel::seal {
namespace {

/// As another program reads or writes it that got the descriptor.
std::string read_by_another(int fd) {
  std::string bytes;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(fd, buffer, sizeof buffer)) > 0;) bytes.append(buffer, static_cast<size_t>(got));
  return bytes;
}
void write_by_another(int fd, std::string_view bytes) {
  ASSERT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
}
std::size_t size_of(int fd) {
  struct stat status{};
  EXPECT_EQ(::fstat(fd, &status), 0);
  return static_cast<std::size_t>(status.st_size);
}

TEST(MemoryFile, GivesAnotherExactlyWhatIsInItNow) {
  MemoryFile file;
  file.write({"a longer text ", "in two pieces"});
  EXPECT_EQ(read_by_another(file.fd()), "a longer text in two pieces");
  file.write({"short"});
  EXPECT_EQ(read_by_another(file.fd()), "short");
  file.write({});
  EXPECT_EQ(read_by_another(file.fd()), "");
}

TEST(MemoryFile, OverwritesWhatItHeld) {
  MemoryFile file;
  const std::string secret(200'000, 'S');
  file.write({secret, "end"});
  file.wipe();
  ASSERT_EQ(::lseek(file.fd(), 0, SEEK_SET), 0);
  const std::string left = read_by_another(file.fd());
  EXPECT_EQ(left.find_first_not_of('\0'), std::string::npos);
  EXPECT_EQ(left.size(), 200'003U);
}

TEST(MemoryFile, TakesWhatAnotherWroteThisTime) {
  MemoryFile file;
  file.rewind();
  write_by_another(file.fd(), "what was made for the first message");
  EXPECT_EQ(file.written(), "what was made for the first message");
  file.rewind();
  EXPECT_EQ(file.written(), "");
  write_by_another(file.fd(), "and the ");
  write_by_another(file.fd(), "second");
  EXPECT_EQ(file.written(), "and the second");
}

TEST(MemoryFile, GivesBackWhatAHugeMessageTook) {
  MemoryFile file;
  const std::string huge(20'000'000, 'h');
  file.write({huge});
  file.wipe();
  EXPECT_LE(size_of(file.fd()), 5'000'000U);
  file.rewind();
  write_by_another(file.fd(), huge);
  EXPECT_EQ(file.written().size(), huge.size());
  file.shrink();
  EXPECT_LE(size_of(file.fd()), 5'000'000U);
}

}  // namespace
}  // namespace zegel::seal
