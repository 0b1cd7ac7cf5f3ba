#include "seal/html_images.h"

#include <gtest/gtest.h>

namespace zegel::seal {
namespace {

TEST(HtmlImages, BecomeFilesBesideTheHtml) {
  const std::map<std::string, std::string> names = {{"a@b", "image-1.png"}};
  EXPECT_EQ(with_local_images("<img src=\"cid:a@b\">", names), "<img src=\"image-1.png\">");
  EXPECT_EQ(with_local_images("<img src=CID:a%40b>", names), "<img src=image-1.png>");
  EXPECT_EQ(with_local_images("url('cid:a@b')", names), "url('image-1.png')");
  EXPECT_EQ(with_local_images("<img src=\"cid:other\"> placid:a@b cid:", names),
            "<img src=\"cid:other\"> placid:a@b cid:");
}

}  // namespace
}  // namespace zegel::seal
