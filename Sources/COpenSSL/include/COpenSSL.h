// The parts of OpenSSL 3 that Plenary uses: HMAC, signatures, constant-time comparison, TLS. Header only.
#ifndef PLENARY_COPENSSL_H
#define PLENARY_COPENSSL_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#endif
