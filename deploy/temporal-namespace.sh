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

# A namespace is known to the frontends some seconds after it was created.
tries=0
until temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name GoLiveEnvironment --name GoLivePhase --name GoLiveRelease --type Keyword; do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "The search attributes of namespace $TEMPORAL_NAMESPACE could not be registered: see above." >&2
    exit 1
  fi
  sleep 2
done
