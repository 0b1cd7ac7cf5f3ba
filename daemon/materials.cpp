#include "materials.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "check/allowlist.h"
#include "check/index.h"
#include "check/weights.h"
#include "config/credential.h"
#include "config/load.h"
#include "core/secret_file.h"
#include "core/text.h"
#include "log/log.h"
#include "seal/pgp_engine.h"
#include "seclusion.h"

namespace zegel {

namespace {

void complain(std::string_view what) { log::Event("problem", log::Level::warning).field("what", what).send(); }

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

void add_allowlist(check::IndexBuilder& builder, const std::string& path) {
  const check::Allowlist list = check::parse_allowlist(read_file(path));
  for (const check::Problem& problem : list.problems) {
    const std::string place = path + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    const std::string text = place + ": " + problem.what + "; " + problem.mend;
    if (problem.grave) throw std::runtime_error(text);
    complain(text);
  }
  for (const check::AllowlistLine& line : list.lines) builder.add(line.entry);
}

seal::Covers load_covers(const std::string& folder) {
  auto covers = seal::Covers::load(folder);
  if (covers) return std::move(*covers);
  std::string all;
  for (const std::string& problem : covers.error()) all += (all.empty() ? "" : " | ") + problem;
  throw std::runtime_error(all);
}

}  // namespace

std::shared_ptr<const receive::Snapshot> Materials::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::shared_ptr<const receive::Snapshot> make_snapshot(config::Settings loaded) {
  auto snapshot = std::make_shared<receive::Snapshot>();
  const auto settings = std::make_shared<const config::Settings>(std::move(loaded));
  std::vector<std::string> problems;
  snapshot->settings = settings;
  snapshot->keys = seal::Keys::load(
      {settings->smime.certificates, settings->smime.authorities, settings->smime.crl_dir, settings->pgp.home}, now(),
      problems);
  snapshot->sealer = std::make_shared<const seal::Sealer>(snapshot->keys, seal::make_pgp_engine(settings->pgp.home),
                                                          load_covers(settings->zip.covers));
  for (const std::string& problem : problems) complain(problem);
  return snapshot;
}

void Materials::put(std::shared_ptr<const receive::Snapshot> snapshot) {
  const std::lock_guard lock(mutex_);
  current_ = std::move(snapshot);
}

config::Settings load_again(const std::string& file) {
  auto settings = config::load(file);
  std::string all;
  const auto add = [&](const std::string& problem) { all += (all.empty() ? "" : " | ") + problem; };
  if (settings) {
    for (const std::string& problem : exposed(*settings)) add(problem);
  } else {
    for (const config::Problem& problem : settings.error()) add(problem.text());
  }
  if (!all.empty()) throw std::runtime_error(all);
  return std::move(*settings);
}

std::optional<Secret> given_store_key(const config::Settings& settings) {
  const std::string folder = config::folder_of(settings.file);
  const std::string path = config::credential(folder + "/credentials/store.key", folder);
  std::error_code error;
  const auto about = std::filesystem::status(path, error);
  if (about.type() == std::filesystem::file_type::not_found) return std::nullopt;
  if (error == std::errc::permission_denied) return std::nullopt;  // root's folder, and nothing was handed over
  if ((about.permissions() & std::filesystem::perms::others_read) != std::filesystem::perms::none)
    throw std::runtime_error(path + ": everyone may read the key of the store; chmod o= " + path);
  auto key = read_secret(path);
  if (!key) throw std::runtime_error(key.error().why);
  return std::move(*key);
}

std::unique_ptr<store::Store> open_store(const config::Settings& settings, std::optional<Secret> key) {
  auto store = store::open_sqlite(settings.state.dir, std::move(key));
  if (!store) throw std::runtime_error(store.error().why);
  for (const std::string& problem : (*store)->integrity()) complain(problem);
  return std::move(*store);
}

Result<check::Weights> weights_of(const config::Settings& settings) {
  check::Weights weights;
  std::vector<std::string_view> names;
  for (const check::WeightRow& row : check::weight_rows()) names.push_back(row.name);
  for (const config::Weight& wanted : settings.recipients.weights) {
    const auto row = std::ranges::find(check::weight_rows(), wanted.name, &check::WeightRow::name);
    if (row == check::weight_rows().end()) {
      const std::string_view meant = text::nearest(wanted.name, names);
      return fail(wanted.place.text() + ": recipients.weights has no `" + wanted.name + "`; " +
                  (meant.empty() ? "see docs/decisions for the names" : "did you mean `" + std::string(meant) + "`?"));
    }
    weights.*row->value = wanted.value;
  }
  return weights;
}

std::shared_ptr<const check::Index> build_index(const config::Settings& settings, store::Store& store) {
  const auto weights = weights_of(settings);
  if (!weights) throw std::runtime_error(weights.error().why);
  check::IndexBuilder builder(*weights);
  if (settings.recipients.well_known) builder.add_providers();
  for (const std::string& domain : settings.office.domains) builder.add(domain, 0, check::Source::file);
  for (const std::string& path : settings.recipients.allowlist) add_allowlist(builder, path);
  for (const store::LearnedRecipient& learned : store.learned()) {
    builder.add(learned.address, static_cast<std::uint32_t>(learned.mails), check::Source::learned);
  }
  return builder.build();
}

}  // namespace zegel
