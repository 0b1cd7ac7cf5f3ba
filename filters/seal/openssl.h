#pragma once

#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/handle.h"
#include "core/time.h"
#include "seal/day.h"

/// OpenSSL's objects with owners, and its few conversions. Only the S/MIME side of this room includes this.
namespace zegel::seal {

inline void free_certificates(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
inline void free_names(GENERAL_NAMES* names) { GENERAL_NAMES_free(names); }

using X509Handle = Handle<X509, X509_free>;
using CrlHandle = Handle<X509_CRL, X509_CRL_free>;
using PkeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using BioHandle = Handle<BIO, BIO_free>;
using CmsHandle = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;
using StackHandle = Handle<STACK_OF(X509), free_certificates>;

/// A read-only BIO over `bytes`, which must outlive it. Throws std::bad_alloc; `bytes` below 2 GiB.
[[nodiscard]] BioHandle reading(std::string_view bytes);

/// A CMS ContentInfo (RFC 5652 3) that takes up all of `der`, to the last octet; null when it is none.
[[nodiscard]] CmsHandle read_whole_cms(std::string_view der);

/// Empties this thread's error queue and gives its first reason, for the log: "unsupported algorithm".
[[nodiscard]] std::string openssl_reason();

/// Year 9999 and the like end at Time::max(); what cannot be read is the epoch.
[[nodiscard]] Time time_of(const ASN1_TIME*);

/// As RFC 4514 writes it: "CN=Office-CA".
[[nodiscard]] std::string text_of(const X509_NAME*);

/// An owner of its own for an object that is shared.
[[nodiscard]] X509Handle share(X509*);

}  // namespace zegel::seal
