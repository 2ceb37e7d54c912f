# Completion of signet for bash: source this file, or put it into
# /usr/share/bash-completion/completions/signet.

_signet() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command=${COMP_WORDS[1]-} below=${COMP_WORDS[2]-}
  local server='--url --path --profile --ca --tls-ca --timeout'
  local signer='--signer --signer-key --signer-p12 --passphrase-file'
  local secret='--identity --secret-file --no-link --dogtag-link --authenticated-data'
  local request='--subject --san --key --key-file --key-passphrase-file --key-usage --revocation-secret-file --encrypt-to --form'
  local output='--output --out-key --out-certificate --out-chain'
  local kinds='ec:p256 ec:p384 ec:p521 rsa:2048 rsa:3072 rsa:4096 ed25519 ed448 x25519 x448' words=options options=

  # Bash splits words at ':': in `--key ec:p` the word is `p`, in `--key ec:` it is `:`.
  if [ "$before" = : ] && [ "${COMP_WORDS[COMP_CWORD - 3]}" = --key ]; then
    local family=${COMP_WORDS[COMP_CWORD - 2]}
    mapfile -t COMPREPLY < <(compgen -W "$kinds" -- "$family:$word" | sed "s/^$family://")
    return
  fi
  if [ "$word" = : ] && [ "${COMP_WORDS[COMP_CWORD - 2]}" = --key ]; then
    mapfile -t COMPREPLY < <(compgen -W "$kinds" -- "$before:" | sed "s/^$before://")
    return
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'enroll request send read answer relay renew poll confirm publish get status revoke agent inspect audit ca certificates profile import secret --help --version' -- "$word")
    return
  fi
  case $command/$below/$before in
    import/*/--key | ca/backup/--output | certificates/*/--key | certificates/*/--output) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    status/*/--crl) return ;;
  esac
  case $before in
    --key) mapfile -t COMPREPLY < <(compgen -W "$kinds" -- "$word"); return ;;
    --key-usage) mapfile -t COMPREPLY < <(compgen -W 'signing encryption' -- "$word"); return ;;
    --reason) mapfile -t COMPREPLY < <(compgen -W 'unspecified keyCompromise cACompromise affiliationChanged superseded cessationOfOperation certificateHold removeFromCRL privilegeWithdrawn aACompromise' -- "$word"); return ;;
    --state) mapfile -t COMPREPLY < <(compgen -W 'open granted rejected all' -- "$word"); return ;;
    --status) mapfile -t COMPREPLY < <(compgen -W 'valid revoked held expired' -- "$word"); return ;;
    --outcome) mapfile -t COMPREPLY < <(compgen -W 'success failure' -- "$word"); return ;;
    --form) mapfile -t COMPREPLY < <(compgen -W 'pkcs10 crmf simple' -- "$word"); return ;;
    --type) mapfile -t COMPREPLY < <(compgen -W 'auto certificate crl pkcs10 crmf cms pkidata pkiresponse asn1' -- "$word")
      return ;;
    --output | --out-dir | --directory | --profiles) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
    --url | --path | --profile | --timeout | --subject | --san | --host | --pkcs11 | --address | --port | --agent | --event | --about | --last | --identity | --expires | --uses | --serial | --invalid-since | --comment | --before | --ocsp | --note | --not-before | --not-after | --extension | --without-extension | --leave-out | --add-extension | --time-zone | --next-crl-number | --new-subject | --new-san | --delta-crl | --within | --last-crl-number | --crl-name | --store | --ldif | --issued-since | --issued-until | --ends-within | --most)
      return ;;
    --*-file | --ca | --tls-ca | --signer | --signer-key | --signer-p12 | --certificate | --pkcs12 | --protection-key | --tls-certificate | --tls-key | --agent-certificate | --encrypt-to | --decrypt | --decrypt-key | --decrypt-certificate | --in | --out | --out-* | --exchange | --chain | --input | --rest)
      mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
  esac
  case $command in
    enroll) options="$server $signer $secret $request $output --no-confirm --accept-trust-anchors --trust-by-secret" ;;
    request) options="$signer $secret $request $output --through-ra" ;;
    send) options="$server $signer --in --out" ;;
    read) options='--in --exchange --ca --out-certificate --out-chain --decrypt --decrypt-passphrase-file --identity --secret-file' ;;
    answer) options="$signer $secret --in --exchange --ca --key-file --key-passphrase-file --out --out-exchange --through-ra" ;;
    relay) options="$server $signer --saw-identity --saw-possession --subject --san --leave-out --add-extension --decrypt-key --decrypt-certificate --decrypt-passphrase-file --out-dir --rest" words=files ;;
    revoke) options="$server $signer --certificate --serial --reason --secret-file --encrypt-to --invalid-since --comment" ;;
    renew) options="$server $signer --before --force --new-subject --new-san --same-key --key --in-place --output --accept-trust-anchors" ;;
    poll) options="$server $signer --identity --secret-file --output" ;;
    confirm) options="$server $signer --identity --secret-file --certificate --reject" ;;
    publish) options="$server $signer --certificate --withdraw" ;;
    get) options="$server $signer --identity --secret-file --serial --crl --crl-name --trust-anchors --out" ;;
    status) options='--url --ca --certificate --ocsp --crl --delta-crl --no-delta --no-ocsp --no-crl' ;;
    agent)
      [ "$COMP_CWORD" -eq 2 ] && { mapfile -t COMPREPLY < <(compgen -W 'list show approve reject' -- "$word"); return; }
      options="--url --ca $signer"
      [ "$below" = list ] && options+=' --state --all'
      [ "$below" = show ] && options+=' --out'
      [ "$below" = reject ] && options+=' --note'
      [ "$below" = approve ] && options+=' --note --not-before --not-after --extension --without-extension' ;;
    inspect) options='--type --secret-file' words=files ;;
    audit)
      [ "$COMP_CWORD" -eq 2 ] && { mapfile -t COMPREPLY < <(compgen -W 'verify show' -- "$word"); return; }
      words=files
      [ "$below" = show ] && options='--event --outcome --about --last' ;;
    ca)
      [ "$COMP_CWORD" -eq 2 ] && { mapfile -t COMPREPLY < <(compgen -W 'init install-certificate status renew rollover backup restore republish' -- "$word"); return; }
      options='--directory'
      [ "$below" = init ] && options+=' --subject --key --passphrase-file --pkcs11 --host --address --port --agent --store --profiles --subordinate'
      [ "$below" = install-certificate ] && options+=' --certificate --chain'
      [ "$below" = status ] && options+=' --within'
      [ "$below" = renew ] && options+=' --due --within --same-key --host --agent' words='tls cmc encryption agent'
      [ "$below" = rollover ] && options+=' --key --passphrase-file --pkcs11 --dry-run'
      [ "$below" = backup ] && options+=' --output --passphrase-file'
      [ "$below" = republish ] && options+=' --all --certificate'
      [ "$below" = restore ] && options+=' --input --passphrase-file --last-crl-number' ;;
    certificates) options='--directory --subject --serial --key --passphrase-file --status --profile --issued-since --issued-until --ends-within --most --output' ;;
    import)
      [ "$COMP_CWORD" -eq 2 ] && { mapfile -t COMPREPLY < <(compgen -W 'dogtag' -- "$word"); return; }
      words=files
      options='--pkcs12 --key --certificate --source-passphrase-file --profiles --time-zone --next-crl-number --protection-key'
      options+=' --directory --passphrase-file --host --address --port --tls-certificate --tls-key --agent-certificate --agent' ;;
    profile)
      [ "$COMP_CWORD" -eq 2 ] && { mapfile -t COMPREPLY < <(compgen -W 'check explain list publish' -- "$word"); return; }
      words=files
      [ "$below" = list ] && words=options
      [ "$below" = check ] || options='--profiles'
      [ "$below" = publish ] && options='--directory --check' words=folders ;;
    secret)
      [ "$COMP_CWORD" -eq 2 ] && { mapfile -t COMPREPLY < <(compgen -W 'create list locks unlock revoke import revocation wrap' -- "$word"); return; }
      options='--directory'
      [ "$below" = create ] && options+=' --subject --expires --uses --chosen --secret-file --out'
      [ "$below" = import ] && words=files
      [ "$below" = unlock ] && options+=' --serial'
      [ "$below" = revocation ] && options+=' --certificate --serial --secret-file --out'
      [ "$below" = wrap ] && options='--certificate --secret-file --ldif --oaep' ;;
  esac
  if [[ $word == -* ]]; then words=options; fi
  case $words in
    options) mapfile -t COMPREPLY < <(compgen -W "$options --json --help" -- "$word") ;;
    files) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    folders) mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word") ;;
  esac
}
complete -o filenames -F _signet signet
