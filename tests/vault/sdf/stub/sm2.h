/* SM2 encryption of the stub device: key pair N in "sm2-N.pem", made when it is first asked for. */

#include <openssl/asn1t.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#define FIELD 32
#define LONGEST 128u

typedef struct { unsigned int bits; unsigned char x[64], y[64]; } ECCrefPublicKey;
typedef struct { unsigned char x[64], y[64], M[32]; unsigned int L; unsigned char C[1]; } ECCCipher;

static EVP_PKEY *sm2_pair(unsigned int index)
{
    char path[1024];
    FILE *file;
    EVP_PKEY *pair = NULL;
    if (snprintf(path, sizeof path, "%s/sm2-%u.pem", getenv("SHEBAOKA_SDF_STUB"), index) >= (int)sizeof path)
        return NULL;
    if ((file = fopen(path, "rb"))) {
        pair = PEM_read_PrivateKey(file, NULL, NULL, NULL);
        fclose(file);
    } else if ((pair = EVP_PKEY_Q_keygen(NULL, NULL, "SM2")) && (file = fopen(path, "wb"))) {
        PEM_write_PrivateKey(file, pair, NULL, NULL, 0, NULL, NULL);
        fclose(file);
    }
    return pair;
}

static int sm2_public(EVP_PKEY *pair, ECCrefPublicKey *public)
{
    unsigned char point[1 + 2 * FIELD];
    size_t length = 0;
    if (!EVP_PKEY_get_octet_string_param(pair, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &length) ||
        length != sizeof point)
        return 0;
    memset(public, 0, sizeof *public);
    public->bits = 256;
    memcpy(public->x + 64 - FIELD, point + 1, FIELD);
    memcpy(public->y + 64 - FIELD, point + 1 + FIELD, FIELD);
    return 1;
}

static EVP_PKEY *sm2_from_public(const ECCrefPublicKey *public)
{
    unsigned char point[1 + 2 * FIELD] = {4};
    char group[] = "SM2";
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end(),
    };
    memcpy(point + 1, public->x + 64 - FIELD, FIELD);
    memcpy(point + 1 + FIELD, public->y + 64 - FIELD, FIELD);
    if (public->bits != 256 || !context || EVP_PKEY_fromdata_init(context) <= 0 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) <= 0)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

static int sm2_crypt(EVP_PKEY *key, int encrypt, const unsigned char *in, size_t length, unsigned char *out,
                     size_t *written)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    int good = context && (encrypt ? EVP_PKEY_encrypt_init(context) > 0 &&
                                     EVP_PKEY_encrypt(context, out, written, in, length) > 0
                                   : EVP_PKEY_decrypt_init(context) > 0 &&
                                     EVP_PKEY_decrypt(context, out, written, in, length) > 0);
    EVP_PKEY_CTX_free(context);
    return good;
}

static int coordinate(const ASN1_TYPE *type, unsigned char *target)
{
    BIGNUM *number = type->type == V_ASN1_INTEGER ? ASN1_INTEGER_to_BN(type->value.integer, NULL) : NULL;
    int good = number && BN_bn2binpad(number, target, 64) == 64;
    BN_free(number);
    return good;
}

/* DER of SM2 ciphertexts (x, y, hash, ciphertext) to the structure of GM/T 0018. */
static int sm2_from_der(const unsigned char *der, long length, ECCCipher *cipher, unsigned int room)
{
    STACK_OF(ASN1_TYPE) *parts = d2i_ASN1_SEQUENCE_ANY(NULL, &der, length);
    int good = parts && sk_ASN1_TYPE_num(parts) == 4;
    if (good) {
        const ASN1_OCTET_STRING *hash = sk_ASN1_TYPE_value(parts, 2)->value.octet_string;
        const ASN1_OCTET_STRING *body = sk_ASN1_TYPE_value(parts, 3)->value.octet_string;
        good = coordinate(sk_ASN1_TYPE_value(parts, 0), cipher->x) &&
               coordinate(sk_ASN1_TYPE_value(parts, 1), cipher->y) && ASN1_STRING_length(hash) == 32 &&
               (unsigned int)ASN1_STRING_length(body) <= room;
        if (good) {
            memcpy(cipher->M, ASN1_STRING_get0_data(hash), 32);
            cipher->L = (unsigned int)ASN1_STRING_length(body);
            memcpy(cipher->C, ASN1_STRING_get0_data(body), cipher->L);
        }
    }
    sk_ASN1_TYPE_pop_free(parts, ASN1_TYPE_free);
    return good;
}

static void push(STACK_OF(ASN1_TYPE) *parts, int type, const unsigned char *bytes, int length)
{
    ASN1_TYPE *part = ASN1_TYPE_new();
    if (type == V_ASN1_INTEGER) {
        BIGNUM *number = BN_bin2bn(bytes, length, NULL);
        ASN1_TYPE_set(part, type, BN_to_ASN1_INTEGER(number, NULL));
        BN_free(number);
    } else {
        ASN1_OCTET_STRING *text = ASN1_OCTET_STRING_new();
        ASN1_OCTET_STRING_set(text, bytes, length);
        ASN1_TYPE_set(part, type, text);
    }
    sk_ASN1_TYPE_push(parts, part);
}

static int sm2_to_der(const ECCCipher *cipher, unsigned char **der)
{
    STACK_OF(ASN1_TYPE) *parts = sk_ASN1_TYPE_new_null();
    int length;
    push(parts, V_ASN1_INTEGER, cipher->x, 64);
    push(parts, V_ASN1_INTEGER, cipher->y, 64);
    push(parts, V_ASN1_OCTET_STRING, cipher->M, 32);
    push(parts, V_ASN1_OCTET_STRING, cipher->C, (int)cipher->L);
    length = i2d_ASN1_SEQUENCE_ANY(parts, der);
    sk_ASN1_TYPE_pop_free(parts, ASN1_TYPE_free);
    return length;
}
