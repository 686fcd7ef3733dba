#!/bin/sh
# Creates the namespace, or corrects its retention, and registers golive's search attributes. Takes TEMPORAL_ADDRESS and
# TEMPORAL_NAMESPACE as the temporal command does, and RETENTION (such as 30d). May be run again at any time.
set -eu

tries=0
until temporal operator cluster health; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "Temporal at $TEMPORAL_ADDRESS did not become healthy. Look at its log: docker compose logs temporal" >&2
    exit 1
  fi
  sleep 2
done

# The namespace is named each time: `create` doesn't look at TEMPORAL_NAMESPACE.
if ! said="$(temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION" 2>&1)"; then
  case "$said" in
    *'already exists'*) temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION" ;;
    *) echo "$said" >&2 && exit 1 ;;
  esac
fi

# One by one: of several names in one call only the first was seen to be registered. Each may have to wait for the one before, and
# the first for the namespace, to be known everywhere.
for attribute in GoLiveEnvironment GoLiveOutcome GoLivePhase GoLiveRelease; do
  tries=0
  until temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" | grep -qw "$attribute"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 30 ]; then
      echo "The search attribute $attribute of namespace $TEMPORAL_NAMESPACE could not be registered: see above." >&2
      exit 1
    fi
    temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$attribute" --type Keyword || sleep 2
    sleep 0.2
  done
done
