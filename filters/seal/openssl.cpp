#include "seal/openssl.h"

#include <climits>
#include <ctime>
#include <new>

#include <openssl/err.h>

namespace zegel::seal {

BioHandle reading(std::string_view bytes) {
  if (bytes.size() > INT_MAX) throw std::bad_alloc();
  BioHandle bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  if (bio == nullptr) throw std::bad_alloc();
  return bio;
}

CmsHandle read_whole_cms(std::string_view der) {
  if (der.empty()) return nullptr;
  const BioHandle in = reading(der);
  CmsHandle cms(d2i_CMS_bio(in.get(), nullptr));
  if (cms != nullptr && BIO_ctrl_pending(in.get()) != 0) cms.reset();
  static_cast<void>(openssl_reason());
  return cms;
}

std::string openssl_reason() {
  const unsigned long first = ERR_get_error();
  ERR_clear_error();
  const char* reason = first == 0 ? nullptr : ERR_reason_error_string(first);
  return reason == nullptr ? "OpenSSL gave no reason" : reason;
}

Time time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return Time{};
  return std::chrono::time_point_cast<milliseconds>(std::chrono::sys_seconds(seconds(timegm(&parts))));
}

std::string text_of(const X509_NAME* name) {
  const BioHandle out(BIO_new(BIO_s_mem()));
  if (out == nullptr) throw std::bad_alloc();
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

X509Handle share(X509* certificate) {
  X509_up_ref(certificate);
  return X509Handle(certificate);
}

}  // namespace zegel::seal
