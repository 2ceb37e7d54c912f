#pragma once

#include "policy/policy.h"

namespace signet::policy {

/// The request's extensions as a change of names has them: the SubjectAltName is the new one, or
/// none (RFC 10002 §7.1).
pkix::Extensions with_new_names(pkix::Extensions requested, const cmc::ChangeSubjectName& wanted);

/// Whether the draft bears the new names, no more and no less: whoever asks for a name and gets
/// another certificate than that is not served. Faults: name_not_allowed.
Result<void> check_new_names(const RequestFacts& facts, const CertificateDraft& draft);

/// What new names must be that no agent looks at: a subject that is not the authority's
/// (names_match) and that no certificate on record has, in these octets or with blanks folded and
/// all strings as UTF8String or as PrintableString; and alternative names that the signer's
/// certificate holds already. Faults: name_not_allowed, storage_failed.
Result<void> check_nobodys_names(const RequestFacts& facts);

/// The same of the draft's subject, which a profile may spell in a way of its own; and makes what
/// was looked for a condition of the commit, so that of two who ask for one name at the same moment
/// one gets it. Faults: name_not_allowed, storage_failed.
Result<void> keep_nobodys_subject(const RequestFacts& facts, CertificateDraft& draft);

/// Of who signed with a foreign issuer's certificate, whose word makes nobody the namesake of ours
/// (authority/whose_certificate.h): the draft's subject is on no record in any of its spellings
/// (spellings_of), the signer's own name no exception, and that is a condition of the commit. The
/// record does not tell for which foreign certificate one was granted, so that who has one here
/// renews by that one. An agent's approval changes nothing in this. Faults: name_not_allowed,
/// storage_failed.
Result<void> keep_foreign_signers_subject(const RequestFacts& facts, CertificateDraft& draft);

}  // namespace signet::policy
