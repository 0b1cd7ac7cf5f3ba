#include <mutex>
#include <new>
#include <unordered_map>

#include "seal/files.h"
#include "seal/gpgme.h"
#include "seal/pgp_engine.h"
#include "seal/pgp_ring.h"

namespace zegel::seal {

namespace {

std::unexpected<SealFailure> away(std::string why) { return std::unexpected(SealFailure{{std::move(why)}, true}); }

/// Reads the pieces of a job as one stream.
class PieceReader {
 public:
  explicit PieceReader(const std::vector<std::string_view>& pieces) : pieces_(pieces) {
    if (gpgme_data_new_from_cbs(&data_, &callbacks_, this) != 0) throw std::bad_alloc();
  }
  PieceReader(const PieceReader&) = delete;
  PieceReader& operator=(const PieceReader&) = delete;
  ~PieceReader() { gpgme_data_release(data_); }
  [[nodiscard]] gpgme_data_t data() const { return data_; }

 private:
  static ssize_t read(void* self, void* buffer, std::size_t room) {
    return static_cast<PieceReader*>(self)->give(static_cast<char*>(buffer), room);
  }
  ssize_t give(char* buffer, std::size_t room) {
    while (next_ < pieces_.size() && at_ == pieces_[next_].size()) ++next_, at_ = 0;
    if (next_ == pieces_.size()) return 0;
    const std::size_t taken = pieces_[next_].copy(buffer, room, at_);
    at_ += taken;
    return static_cast<ssize_t>(taken);
  }

  std::vector<std::string_view> pieces_;
  std::size_t next_ = 0;
  std::size_t at_ = 0;
  gpgme_data_cbs callbacks_{read, nullptr, nullptr, nullptr};
  gpgme_data_t data_ = nullptr;
};

/// Collects what gpg writes.
class StringWriter {
 public:
  explicit StringWriter(std::size_t expected) {
    bytes_.reserve(expected);
    if (gpgme_data_new_from_cbs(&data_, &callbacks_, this) != 0) throw std::bad_alloc();
  }
  StringWriter(const StringWriter&) = delete;
  StringWriter& operator=(const StringWriter&) = delete;
  ~StringWriter() { gpgme_data_release(data_); }
  [[nodiscard]] gpgme_data_t data() const { return data_; }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  static ssize_t write(void* self, const void* buffer, std::size_t size) {
    static_cast<StringWriter*>(self)->bytes_.append(static_cast<const char*>(buffer), size);
    return static_cast<ssize_t>(size);
  }
  std::string bytes_;
  gpgme_data_cbs callbacks_{nullptr, write, nullptr, nullptr};
  gpgme_data_t data_ = nullptr;
};

class PlainEngine : public PgpEngine {
 public:
  PlainEngine(std::string path, const PgpLimits& limits)
      : home_(prepare_home(path, limits.seconds, limits.gpg)), path_(std::move(path)) {}

  std::expected<std::string, SealFailure> encrypt(const PgpJob& job) override {
    if (!home_) return away("PGP: " + home_.error().why);
    auto context = take_context(job.signer);
    if (!context) return away(context.error().why);
    const auto recipients = key_files(job);
    if (!recipients) return away(recipients.error().why);
    auto sealed = run(context->get(), job, *recipients);
    if (sealed) give_back(job.signer, std::move(*context));
    return sealed;
  }

 private:
  /// Opening one starts gpg to ask for its version, and another to find the signer: they are kept.
  Result<GpgContext> take_context(const PgpKey* signer) {
    {
      const std::lock_guard lock(mutex_);
      auto& idle = idle_[signer == nullptr ? std::string() : signer->fingerprint];
      if (!idle.empty()) {
        GpgContext context = std::move(idle.back());
        idle.pop_back();
        return context;
      }
    }
    return signer == nullptr ? open_context(*home_) : open_signing(*signer);
  }

  void give_back(const PgpKey* signer, GpgContext context) {
    constexpr std::size_t most_idle = 8;
    const std::lock_guard lock(mutex_);
    auto& idle = idle_[signer == nullptr ? std::string() : signer->fingerprint];
    if (idle.size() < most_idle) idle.push_back(std::move(context));
  }

  [[nodiscard]] Result<GpgContext> open_signing(const PgpKey& signer) {
    const auto home = [&] {
      const std::lock_guard lock(mutex_);  // two threads may come with the same signer
      return with_one_key(*home_, signer.fingerprint, signer.octets);
    }();
    auto context = home ? open_context(*home) : Result<GpgContext>(std::unexpected(home.error()));
    if (!context) return context;
    gpgme_key_t found = nullptr;
    gpgme_error_t error = gpgme_get_key(context->get(), signer.fingerprint.c_str(), &found, 1);
    const GpgKey key(found);
    if (error == 0) error = gpgme_signers_add(context->get(), found);
    if (error != 0) return fail("the key to sign with is gone: " + reason_of(error));
    return context;
  }

  /// A file per key is found in no time, however large the ring is; and no other key can be meant.
  Result<std::string> key_files(const PgpJob& job) const {
    std::string names = "--file";
    for (const PgpKey* key : job.recipients) {
      const std::string file = path_ + "/recipients/" + key->fingerprint + ".gpg";
      const auto there = read_file(file);
      if (!there || *there != key->octets) {
        if (auto written = write_file(file, key->octets, 0600); !written) return std::unexpected(written.error());
      }
      names += "\n" + file;
    }
    return names;
  }

  static std::expected<std::string, SealFailure> run(gpgme_ctx_t context, const PgpJob& job,
                                                     const std::string& recipients) {
    constexpr auto flags = static_cast<gpgme_encrypt_flags_t>(GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_ENCRYPT_TO |
                                                              GPGME_ENCRYPT_NO_COMPRESS);
    const PieceReader plain(job.content);
    StringWriter sealed(job.size() + job.size() / 64 + 8192);
    const auto operation = job.signer == nullptr ? gpgme_op_encrypt_ext : gpgme_op_encrypt_sign_ext;
    const gpgme_error_t error = operation(context, nullptr, recipients.c_str(), flags, plain.data(), sealed.data());
    if (error != 0) return away("gpg: " + reason_of(error));
    return sealed.take();
  }

  Result<PgpHome> home_;
  std::string path_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::vector<GpgContext>> idle_;  ///< by the signer's fingerprint, or empty
};

}  // namespace

std::size_t PgpJob::size() const {
  std::size_t size = 0;
  for (const std::string_view piece : content) size += piece.size();
  return size;
}

std::shared_ptr<PgpEngine> make_plain_engine(const std::string& home, const PgpLimits& limits) {
  return std::make_shared<PlainEngine>(home, limits);
}

}  // namespace zegel::seal
