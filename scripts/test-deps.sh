#!/bin/sh
# Debian packages that some tests need: a PC/SC daemon, the virtual reader driver, tools that talk to cards,
# SoftHSM; a browser with Chinese fonts.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends \
    pcscd libpcsclite-dev vsmartcard-vpcd opensc pcsc-tools swig gcc libssl-dev python3-dev openssl \
    softhsm2 chromium fonts-noto-cjk
