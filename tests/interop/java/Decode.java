// Decodes a CMC message with Bouncy Castle, field by field: a second pair of eyes on what our tools
// write. Signatures are verified and proofs computed anew.
//
//   java -cp bcprov.jar:bcutil.jar:bcpkix.jar Decode.java MESSAGE [SECRET IDENTIFICATION]
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Security;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.cmc.BodyPartID;
import org.bouncycastle.asn1.cmc.CMCObjectIdentifiers;
import org.bouncycastle.asn1.cmc.DecryptedPOP;
import org.bouncycastle.asn1.cmc.IdentityProofV2;
import org.bouncycastle.asn1.cmc.LraPopWitness;
import org.bouncycastle.asn1.cmc.PKIData;
import org.bouncycastle.asn1.cmc.PopLinkWitnessV2;
import org.bouncycastle.asn1.cmc.RevokeRequest;
import org.bouncycastle.asn1.cmc.TaggedAttribute;
import org.bouncycastle.asn1.cmc.TaggedCertificationRequest;
import org.bouncycastle.asn1.cmc.TaggedRequest;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.crmf.CertReqMsg;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.crmf.CertificateRequestMessage;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

class Decode {
  static final Map<ASN1ObjectIdentifier, String> NAMES = Map.ofEntries(
      Map.entry(CMCObjectIdentifiers.id_cmc_identification, "identification"),
      Map.entry(CMCObjectIdentifiers.id_cmc_identityProof, "identityProof"),
      Map.entry(CMCObjectIdentifiers.id_cmc_dataReturn, "dataReturn"),
      Map.entry(CMCObjectIdentifiers.id_cmc_transactionId, "transactionId"),
      Map.entry(CMCObjectIdentifiers.id_cmc_senderNonce, "senderNonce"),
      Map.entry(CMCObjectIdentifiers.id_cmc_decryptedPOP, "decryptedPOP"),
      Map.entry(CMCObjectIdentifiers.id_cmc_lraPOPWitness, "lraPOPWitness"),
      Map.entry(CMCObjectIdentifiers.id_cmc_getCert, "getCert"),
      Map.entry(CMCObjectIdentifiers.id_cmc_revokeRequest, "revokeRequest"),
      Map.entry(CMCObjectIdentifiers.id_cmc_regInfo, "regInfo"),
      Map.entry(CMCObjectIdentifiers.id_cmc_queryPending, "queryPending"),
      Map.entry(CMCObjectIdentifiers.id_cmc_popLinkRandom, "popLinkRandom"),
      Map.entry(CMCObjectIdentifiers.id_cmc_confirmCertAcceptance, "confirmCertAcceptance"),
      Map.entry(CMCObjectIdentifiers.id_cmc_identityProofV2, "identityProofV2"));

  static byte[] secret = new byte[0];
  static byte[] random = new byte[0];

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    if (arguments.length > 2) {
      secret = (arguments[1] + arguments[2]).getBytes(StandardCharsets.UTF_8);
    }
    byte[] octets = Files.readAllBytes(Path.of(arguments[0]));
    ContentInfo info = ContentInfo.getInstance(octets);
    boolean signed = info.getContentType().getId().equals("1.2.840.113549.1.7.2");
    byte[] content = signed ? (byte[]) new CMSSignedData(octets).getSignedContent().getContent()
                            : ASN1OctetString.getInstance(info.getContent()).getOctets();
    PKIData data = PKIData.getInstance(content);
    for (TaggedAttribute control : data.getControlSequence()) printControl(control, content);
    for (TaggedRequest request : data.getReqSequence()) printRequest(request);
    if (signed) printSigners(new CMSSignedData(octets), data);
    else System.out.println("signed by nobody");
  }

  static void printControl(TaggedAttribute control, byte[] content) throws Exception {
    ASN1Encodable value = control.getAttrValues().getObjectAt(0);
    String name = NAMES.getOrDefault(control.getAttrType(), control.getAttrType().getId());
    System.out.println("control " + control.getBodyPartID().getID() + " " + name + ": "
        + text(name, value, content));
  }

  static String text(String name, ASN1Encodable value, byte[] content) throws Exception {
    switch (name) {
      case "identification":
        return ASN1UTF8String.getInstance(value).getString();
      case "dataReturn": case "regInfo": case "queryPending":
        return new String(ASN1OctetString.getInstance(value).getOctets(), StandardCharsets.UTF_8);
      case "senderNonce":
        return ASN1OctetString.getInstance(value).getOctets().length + " octets";
      case "popLinkRandom":
        random = ASN1OctetString.getInstance(value).getOctets();
        return random.length + " octets";
      case "transactionId":
        return ASN1Integer.getInstance(value).getValue().toString(16);
      case "lraPOPWitness": {
        LraPopWitness witness = LraPopWitness.getInstance(value);
        String ids = "";
        for (var id : witness.getBodyIds()) ids += " " + id.getID();
        return witness.getPkiDataBodyid().getID() + " of" + ids;
      }
      case "getCert": case "confirmCertAcceptance": {
        ASN1Sequence fields = ASN1Sequence.getInstance(value);
        return org.bouncycastle.asn1.x500.X500Name.getInstance(fields.getObjectAt(0)) + " "
            + ASN1Integer.getInstance(fields.getObjectAt(1)).getValue();
      }
      case "decryptedPOP":
        return "request " + DecryptedPOP.getInstance(value).getBodyPartID().getID();
      case "identityProofV2": {
        IdentityProofV2 proof = IdentityProofV2.getInstance(value);
        byte[] key = hash(proof.getProofAlgID().getAlgorithm().getId());
        byte[] requests = ASN1Sequence.getInstance(ASN1Sequence.getInstance(content).getObjectAt(1))
            .getEncoded(ASN1Encoding.DER);
        return agreement(mac(proof.getMacAlgId().getAlgorithm().getId(), key, requests),
            proof.getWitness());
      }
      case "revokeRequest": {
        RevokeRequest wanted = RevokeRequest.getInstance(value);
        return wanted.getName() + " " + wanted.getSerialNumber() + " reason "
            + wanted.getReason().getValue() + " secret " + (wanted.getPassphrase() != null)
            + " date " + (wanted.getInvalidityDate() != null) + " comment " + wanted.getComment();
      }
      default:
        return "";
    }
  }

  static void printRequest(TaggedRequest request) throws Exception {
    if (request.getTagNo() == TaggedRequest.TCR) {
      TaggedCertificationRequest tagged =
          TaggedCertificationRequest.getInstance(request.getValue());
      ASN1Sequence fields = ASN1Sequence.getInstance(tagged.toASN1Primitive());
      PKCS10CertificationRequest pkcs10 = new PKCS10CertificationRequest(
          CertificationRequest.getInstance(fields.getObjectAt(1)));
      System.out.println("pkcs10 " + BodyPartID.getInstance(fields.getObjectAt(0)).getID() + " " + pkcs10.getSubject()
          + (pkcs10.isSignatureValid(verifier(pkcs10.getSubjectPublicKeyInfo())) ? " signed" : " NOT SIGNED"));
      for (var attribute : pkcs10.getAttributes(CMCObjectIdentifiers.id_cmc_popLinkWitnessV2)) {
        printLink(attribute.getAttrValues().getObjectAt(0));
      }
      return;
    }
    CertificateRequestMessage message =
        new CertificateRequestMessage(CertReqMsg.getInstance(request.getValue()));
    CertReqMsg crmf = message.toASN1Structure();
    boolean proven = message.hasProofOfPossession() && message.isValidSigningKeyPOP(
        verifier(crmf.getCertReq().getCertTemplate().getPublicKey()));
    System.out.println("crmf " + crmf.getCertReq().getCertReqId() + " "
        + crmf.getCertReq().getCertTemplate().getSubject() + (proven ? " proven" : " unproven"));
    if (crmf.getCertReq().getControls() == null) return;
    for (var control : crmf.getCertReq().getControls().toAttributeTypeAndValueArray()) {
      printLink(control.getValue());
    }
  }

  static void printLink(ASN1Encodable value) throws Exception {
    PopLinkWitnessV2 witness = PopLinkWitnessV2.getInstance(value);
    byte[] key = hash(witness.getKeyGenAlgorithm().getAlgorithm().getId());
    System.out.println("  popLinkWitnessV2: " + agreement(
        mac(witness.getMacAlgorithm().getAlgorithm().getId(), key, random), witness.getWitness()));
  }

  static void printSigners(CMSSignedData message, PKIData data) throws Exception {
    for (SignerInformation signer : message.getSignerInfos()) {
      var found = message.getCertificates().getMatches(signer.getSID());
      boolean verified;
      String who;
      if (found.isEmpty()) {
        who = "the request's key";
        var key = keyOf(data.getReqSequence()[0]);
        verified = signer.verify(new JcaSimpleSignerInfoVerifierBuilder()
            .build(new JcaPEMKeyConverter().getPublicKey(key)));
      } else {
        X509CertificateHolder certificate = (X509CertificateHolder) found.iterator().next();
        who = certificate.getSubject().toString();
        verified = signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate));
      }
      System.out.println("signed by " + who + (verified ? ": verified" : ": NOT VERIFIED"));
    }
    if (message.getSignerInfos().size() == 0) System.out.println("signed by nobody");
  }

  static SubjectPublicKeyInfo keyOf(TaggedRequest request) {
    if (request.getTagNo() != TaggedRequest.TCR) {
      return CertReqMsg.getInstance(request.getValue()).getCertReq().getCertTemplate().getPublicKey();
    }
    ASN1Sequence fields = ASN1Sequence.getInstance(
        TaggedCertificationRequest.getInstance(request.getValue()).toASN1Primitive());
    return CertificationRequest.getInstance(fields.getObjectAt(1))
        .getCertificationRequestInfo().getSubjectPublicKeyInfo();
  }

  static org.bouncycastle.operator.ContentVerifierProvider verifier(SubjectPublicKeyInfo key)
      throws Exception {
    return new JcaContentVerifierProviderBuilder().build(key);
  }

  static byte[] hash(String algorithm) throws Exception {
    return MessageDigest.getInstance(algorithm, "BC").digest(secret);
  }

  static byte[] mac(String algorithm, byte[] key, byte[] octets) throws Exception {
    Mac mac = Mac.getInstance(algorithm, "BC");
    mac.init(new SecretKeySpec(key, algorithm));
    return mac.doFinal(octets);
  }

  static String agreement(byte[] ours, byte[] theirs) {
    return Arrays.equals(ours, theirs) ? "agrees" : "DOES NOT AGREE";
  }
}
