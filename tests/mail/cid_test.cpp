#include "mail/cid.h"

#include <gtest/gtest.h>

namespace zegel::mail {
namespace {

std::string ids(std::string_view html) {
  std::string out;
  for (const std::string& id : referred_ids(html)) out += (out.empty() ? "" : " ") + id;
  return out;
}

TEST(ReferredIds, AreThoseThatABrowserWouldShow) {
  for (const std::string_view html : {"<img src=\"cid:a@x\">",
                                      "<IMG alt='' SRC = 'CID:a@x' >",
                                      "<img src=cid:a@x>",
                                      "<img/src=cid:a@x>",
                                      "<img src=\" cid:a%40x \">",
                                      "<td background=cid:a@x>",
                                      "<v:imagedata src='cid:a@x'/>",
                                      "<p style=\"background: url(cid:a@x)\">",
                                      "<p style='background:URL( \"cid:a@x\" )'>",
                                      "<style>p { background: url('cid:a@x') } /* x */</style>",
                                      "<style>url(cid:a@x",
                                      "<!----><img src=cid:a@x>",
                                      "<!--><img src=cid:a@x>-->",
                                      "<!---><img src=cid:a@x>",
                                      "<![if !vml]><img src=cid:a@x><![endif]>",
                                      "<? x ?><img src=cid:a@x>",
                                      "a < b <img src=cid:a@x>",
                                      "<title></title ><img src=cid:a@x>",
                                      "<p title=\"<img\"><img src=cid:a@x>",
                                      "<img =x src=cid:a@x>",
                                      "<img\r\n\tsrc=cid:a@x\r\n>"}) {
    EXPECT_EQ(ids(html), "a@x") << html;
  }
  EXPECT_EQ(ids("<img src=cid:a><img src=cid:b><img src='x'><img src=cid:a>"), "a b");
}

TEST(ReferredIds, AreNoneThatOnlyLookLikeIt) {
  for (const std::string_view html : {"",
                                      "cid:a",
                                      "src=cid:a",
                                      "<a href=cid:a>",
                                      "<img alt=cid:a>",
                                      "<img data-src=cid:a>",
                                      "<img xsrc=cid:a>",
                                      "<!-- <img src=cid:a> -->",
                                      "<!-- <img src=cid:a>",
                                      "<!x <img src=cid:a",
                                      "<img src=cid:a",
                                      "<img src=\"cid:a>",
                                      "<p title=\"> <img src=cid:a> \">",
                                      "</img src=cid:a>",
                                      "<title><img src=cid:a></title>",
                                      "<textarea><img src=cid:a></textarea>",
                                      "<script>x = '<img src=cid:a>'</script>",
                                      "<style>/* url(cid:a) */</style>",
                                      "<p style=\"/* url(cid:a)\">",
                                      "<img src=xcid:a>",
                                      "<img src=\"http://x/?cid:a\">",
                                      "< img src=cid:a>",
                                      "<img src=>cid:a"}) {
    EXPECT_EQ(ids(html), "") << html;
  }
}

}  // namespace
}  // namespace zegel::mail
