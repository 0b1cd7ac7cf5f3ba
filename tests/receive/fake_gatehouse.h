#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "receive/gatehouse.h"

namespace zegel::receive {

/// A gatehouse with simple habits: kantoor.nl may send; jan@gmial.com is a near-miss that can be confirmed,
/// jan@outlok.com one that cannot; for anybody at noseal.example there is no way to seal; piet's password is geheim; of
/// weet-niet nobody can tell. Thread-safe; answers at once, on the caller's thread.
class FakeGatehouse : public Gatehouse {
 public:
  struct Delivered {
    Client client;
    mail::Envelope envelope;
    std::string bytes;
  };

  std::unique_ptr<smtp::Reply> sender(const Client&, const std::optional<mail::Mailbox>& from) override {
    if (!from || from->domain == "kantoor.nl") return nullptr;
    return std::make_unique<smtp::Reply>(550, "5.7.1", "<" + from->address() + ">: not of the office");
  }

  std::unique_ptr<smtp::Reply> recipient(const Client&, const std::optional<mail::Mailbox>&,
                                         const mail::Recipient& to) override {
    if (to.mailbox.domain == "broken.example") throw std::runtime_error("the store is gone");
    if (to.mailbox.domain == "outlok.com")
      return std::make_unique<smtp::Reply>(
          550, "5.1.2",
          "<" + to.mailbox.address() + ">: did you mean " + to.mailbox.local + "@outlook.com? [7K3QX9M2TB]");
    if (to.mailbox.domain != "gmial.com") return nullptr;
    return std::make_unique<smtp::Reply>(550, "5.1.2",
                                         "<" + to.mailbox.address() + ">: did you mean " + to.mailbox.local +
                                             "@gmail.com? If not, send it again within 30 minutes [7K3QX9M2TB]");
  }

  void message(const Client& client, mail::Envelope envelope, std::string bytes,
               std::function<void(smtp::Reply)> done) override {
    const smtp::Reply reply = verdict(client, envelope, bytes);
    {
      const std::scoped_lock lock(mutex_);
      delivered_.push_back({client, std::move(envelope), std::move(bytes)});
    }
    done(reply);
  }

  void refused(const Client& client, const mail::Envelope& envelope, const smtp::Reply& reply) override {
    const std::scoped_lock lock(mutex_);
    refused_.push_back(client.reference + " " + envelope.from_address() + " " + reply.text);
  }

  void authenticate(const Client&, smtp::Credentials who, std::function<void(smtp::AuthVerdict)> done) override {
    if (who.name == "weet-niet") return done(smtp::AuthVerdict::unavailable);
    const bool good = who.name == "piet" && who.password.reveal() == "geheim";
    done(good ? smtp::AuthVerdict::accepted : smtp::AuthVerdict::rejected);
  }

  /// What was noted: `REF FROM TEXT`.
  [[nodiscard]] std::vector<std::string> refused() const {
    const std::scoped_lock lock(mutex_);
    return refused_;
  }
  [[nodiscard]] std::vector<Delivered> delivered() const {
    const std::scoped_lock lock(mutex_);
    return delivered_;
  }

 private:
  static smtp::Reply verdict(const Client& client, const mail::Envelope& envelope, const std::string& bytes) {
    for (const mail::Recipient& one : envelope.to) {
      if (one.mailbox.domain == "noseal.example") {
        return {
            550, "5.7.5",
            "<" + one.mailbox.address() + ">: no way to seal for this recipient: no key [" + client.reference + "]"};
      }
    }
    if (bytes.contains("Subject: ambiguous")) return {554, "5.6.0", "two boundaries [" + client.reference + "]"};
    if (bytes.contains("Subject: full")) return {452, "4.3.1", "the store cannot take this now, try again later"};
    if (bytes.contains("Subject: hold")) return {250, "2.0.0", client.reference + " held for confirmation"};
    return {250, "2.0.0", client.reference + " queued"};
  }

  mutable std::mutex mutex_;
  std::vector<Delivered> delivered_;
  std::vector<std::string> refused_;
};

}  // namespace zegel::receive
