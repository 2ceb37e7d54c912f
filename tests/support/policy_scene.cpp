#include "support/policy_scene.h"

#include "policy/policy_classes.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using policy::ProfileFault;

/// The parameters as they stand in a profile, under the prefix "p.".
policy::ConfigFile file_of(std::string_view parameters, std::vector<ProfileFault>& faults) {
  std::string text = "p.class_id=x\n";
  while (!parameters.empty()) {
    const auto end = parameters.find('\n');
    text += "p.params." + std::string{parameters.substr(0, end)} + "\n";
    parameters.remove_prefix(end == std::string_view::npos ? parameters.size() : end + 1);
  }
  return policy::read_config_file("test.cfg", text, faults);
}

template <typename Maker>
auto make(Maker maker, std::string_view parameters, std::vector<ProfileFault>& faults) {
  CHECK(maker != nullptr);
  const auto file = file_of(parameters, faults);
  policy::Parameters read{file, "p.", faults};
  auto made = maker(read);
  read.warn_of_unread();
  return made;
}

template <typename Maker>
auto make_sound(Maker maker, std::string_view parameters) {
  std::vector<ProfileFault> faults;
  auto made = make(maker, parameters, faults);
  for (const auto& fault : faults) {
    if (fault.severity == ProfileFault::Severity::error) {
      unwrap(Result<int>{Error{Fault::bad_configuration, policy::to_text(fault)}});
    }
  }
  return made;
}

template <typename Maker>
std::vector<std::string> faults_in(Maker maker, std::string_view parameters) {
  std::vector<ProfileFault> faults;
  make(maker, parameters, faults);
  std::vector<std::string> texts;
  for (const auto& fault : faults) {
    constexpr std::string_view kFront = "p.params.";
    auto reason = std::string_view{fault.reason};
    if (reason.starts_with(kFront)) reason.remove_prefix(kFront.size());
    texts.push_back((fault.severity == ProfileFault::Severity::error ? "error: " : "warning: ") +
                    std::string{reason});
  }
  return texts;
}

}  // namespace

template <typename Predicate>
Result<std::vector<store::CertificateRecord>> RecordedCertificates::select(
    Predicate predicate) const {
  if (fails) return Error{Fault::storage_failed, "the store fails, as the test wants it"};
  std::vector<store::CertificateRecord> selected;
  for (const auto& record : records) {
    if (predicate(record)) selected.push_back(record);
  }
  return selected;
}

Result<std::optional<store::CertificateRecord>> RecordedCertificates::find_certificate(
    const store::Integer& serial) const {
  const auto found = TRY(select(
      [&](const store::CertificateRecord& record) { return record.serial_number == serial; }));
  return found.empty() ? std::nullopt : std::optional{found.front()};
}

Result<std::vector<store::CertificateRecord>> RecordedCertificates::find_by_subject(
    ByteView subject) const {
  return select(
      [&](const store::CertificateRecord& record) { return equal(record.subject_der, subject); });
}

Result<std::vector<store::CertificateRecord>> RecordedCertificates::find_some_by_subject(
    ByteView subject, std::size_t most) const {
  auto found = TRY(find_by_subject(subject));
  if (found.size() > most) found.resize(most);
  return found;
}

Result<std::vector<store::CertificateRecord>> RecordedCertificates::find_by_key(
    ByteView key_hash) const {
  return select(
      [&](const store::CertificateRecord& record) { return equal(record.key_hash, key_hash); });
}

PolicyScene::PolicyScene() : key(test_key()), subject(name("CN=Alice,O=Test")) {
  authority.certificate = ca.certificate();
  authority.default_signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key()));
  draft.signature_algorithm = authority.default_signature_algorithm;
  draft.subject = subject;
  draft.public_key_info = key->public_key_info();
  draft.validity = {now, now + std::chrono::days{180}};
}

policy::RequestFacts PolicyScene::facts() const {
  return {
      .subject = subject,
      .public_key_info = key->public_key_info(),
      .key_kind = key_kind,
      .key_bits = key_bits,
      .extensions = extensions,
      .validity = validity,
      .signing_algorithm = signing_algorithm,
      .body_part_id = {7},
      .profile_id = profile_id_,
      .set_id = set_id_,
      .signer = signer ? &*signer : nullptr,
      .secret_owner = secret_owner ? &*secret_owner : nullptr,
      .role = role,
      .store = store,
      .authority = authority,
      .now = now,
  };
}

Result<void> PolicyScene::apply(std::string_view class_id, std::string_view parameters) {
  return make_sound(policy::find_default_class(class_id), parameters)->apply(facts(), draft);
}

Result<void> PolicyScene::check(std::string_view class_id, std::string_view parameters) {
  return make_sound(policy::find_constraint_class(class_id), parameters)->check(facts(), draft);
}

store::CertificateRecord& PolicyScene::record(const pkix::Name& with_subject,
                                              const crypto::PrivateKey& with_key) {
  store::CertificateRecord record;
  record.serial_number = pkix::Integer::from(next_serial_number_++);
  record.subject_der = with_subject.der();
  record.key_hash = crypto::sha256(with_key.public_key_info().der);
  record.not_before = now - std::chrono::days{100};
  record.not_after = now + std::chrono::days{10};
  return store.records.emplace_back(std::move(record));
}

std::vector<std::string> faults_in_default(std::string_view class_id, std::string_view parameters) {
  return faults_in(policy::find_default_class(class_id), parameters);
}

std::vector<std::string> faults_in_constraint(std::string_view class_id,
                                              std::string_view parameters) {
  return faults_in(policy::find_constraint_class(class_id), parameters);
}

pkix::Name name(const std::string& text) {
  return unwrap(pkix::name_from_text(text));
}

}  // namespace signet::test
