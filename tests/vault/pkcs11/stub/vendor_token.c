/* A PKCS#11 library as a Chinese vendor would ship it, for tests only: SoftHSM for everything standard, and on
 * top of it SM4 under vendor numbers, and C_WrapKey in ECB. SM4 keys lie in SoftHSM as generic secrets of 16
 * bytes; whether one may leave is kept in its CKA_SIGN. SM4 itself is libcrypto's. SHEBAOKA_VENDOR_TOKEN, 64
 * characters, is what the token says of itself instead: maker 32, model 16, serial 16.
 * Built with -DSOFTHSM="path of the library". */
#include <dlfcn.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned char byte;
typedef unsigned long ulong;
typedef struct { ulong type; void *value; ulong length; } Attribute;
typedef struct { ulong mechanism; void *parameter; ulong length; } Mechanism;
typedef struct { byte *data; ulong length; } StringData;
typedef ulong (*Function)();
typedef struct { byte major, minor; Function function[68]; } List;

enum { GET_FUNCTION_LIST = 3, TOKEN_INFO = 6, MECHANISM_LIST = 7, CREATE = 20, DESTROY = 22, GET_ATTRIBUTE = 24, ENCRYPT_INIT = 29,
       ENCRYPT = 30, DECRYPT_INIT = 33, DECRYPT = 34, GENERATE = 58, WRAP = 60, UNWRAP = 61, DERIVE = 62 };
enum { A_CLASS = 0x00, A_TOKEN = 0x01, A_VALUE = 0x11, A_KEY_TYPE = 0x100, A_WRAP = 0x106, A_SIGN = 0x108,
       A_EXTRACTABLE = 0x162 };
enum { GENERIC = 0x10, AES = 0x1F, DES3_ECB = 0x132, AES_KEY_WRAP = 0x2109 };
#define SM4_KEY 0x80000099UL
#define SM4_GENERATE 0x80000990UL
#define SM4_ECB 0x80000991UL
#define SM4_DERIVE 0x80000992UL
#define UNEXTRACTABLE 0x6AUL
#define SIZE_RANGE 0x62UL
#define FAILED 0x06UL
#define MOST 24

static List soft, ours;
static struct { ulong session; int active; byte key[16]; } operations[64];

#define CALL(index, ...) soft.function[index](__VA_ARGS__)

static ulong attribute(ulong session, ulong object, ulong type, void *value, ulong length) {
    Attribute wanted = {type, value, length};
    return CALL(GET_ATTRIBUTE, session, object, &wanted, 1UL);
}

static int is_sm4(ulong session, ulong object) {
    ulong type = 0;
    return attribute(session, object, A_KEY_TYPE, &type, sizeof type) == 0 && type == GENERIC;
}

/* The value of a key that SoftHSM lets out: wrapped under an AES key of ours. */
static ulong value_of(ulong session, ulong object, byte *value, ulong *length) {
    byte once[32], wrapped[64], yes = 1, no = 0;
    ulong class = 4, type = AES, wrapping, size = sizeof wrapped, code;
    Attribute template[] = {{A_CLASS, &class, sizeof class}, {A_KEY_TYPE, &type, sizeof type}, {A_TOKEN, &no, 1},
                            {A_WRAP, &yes, 1}, {A_VALUE, once, sizeof once}};
    Mechanism mechanism = {AES_KEY_WRAP, NULL, 0};
    if (RAND_bytes(once, sizeof once) != 1) return FAILED;
    if ((code = CALL(CREATE, session, template, 5UL, &wrapping))) return code;
    code = CALL(WRAP, session, &mechanism, wrapping, object, wrapped, &size);
    CALL(DESTROY, session, wrapping);
    if (code) return code;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    int got = 0;
    int good = EVP_DecryptInit_ex(context, EVP_aes_256_wrap(), NULL, once, NULL) == 1 &&
               EVP_DecryptUpdate(context, value, &got, wrapped, (int)size) == 1;
    EVP_CIPHER_CTX_free(context);
    *length = (ulong)got;
    return good ? 0 : FAILED;
}

static ulong sm4(const byte *key, int encrypt, const byte *in, ulong length, byte *out) {
    if (length % 16) return 0x21; /* CKR_DATA_LEN_RANGE */
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int got = 0;
    int good = EVP_CipherInit_ex(context, EVP_sm4_ecb(), NULL, key, NULL, encrypt) == 1 &&
               EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
               EVP_CipherUpdate(context, out, &got, in, (int)length) == 1 && (ulong)got == length;
    EVP_CIPHER_CTX_free(context);
    return good ? 0 : FAILED;
}

/* The template for SoftHSM: an SM4 key becomes a generic secret. Returns 1 for SM4. */
static int translate(const Attribute *from, ulong count, Attribute *to, ulong *made, byte *leaves) {
    static ulong generic = GENERIC;
    static byte yes = 1;
    int found = 0;
    *leaves = 0;
    memcpy(to, from, count * sizeof *from);
    for (ulong i = 0; i < count; i++)
        if (to[i].type == A_KEY_TYPE && *(ulong *)to[i].value == SM4_KEY) found = 1, to[i].value = &generic;
    *made = count;
    if (!found) return 0;
    for (ulong i = 0; i < count; i++)
        if (to[i].type == A_EXTRACTABLE) *leaves = *(byte *)to[i].value, to[i].value = &yes;
    to[(*made)++] = (Attribute){A_SIGN, leaves, 1};
    return 1;
}

static ulong v_token_info(ulong slot, byte *info) {
    const char *said = getenv("SHEBAOKA_VENDOR_TOKEN");
    ulong code = CALL(TOKEN_INFO, slot, info);
    if (!code && said && strlen(said) == 64) memcpy(info + 32, said, 64);
    return code;
}

static ulong v_mechanisms(ulong slot, ulong *list, ulong *count) {
    static const ulong more[] = {SM4_GENERATE, SM4_ECB, SM4_DERIVE};
    ulong room = *count, code = CALL(MECHANISM_LIST, slot, list, count);
    if (code) return code;
    if (list && room < *count + 3) return 0x150;
    if (list) memcpy(list + *count, more, sizeof more);
    *count += 3;
    return 0;
}

static ulong v_create(ulong session, Attribute *template, ulong count, ulong *object) {
    Attribute own[MOST];
    ulong made;
    byte leaves;
    translate(template, count, own, &made, &leaves);
    return CALL(CREATE, session, own, made, object);
}

static ulong create_value(ulong session, Attribute *template, ulong count, byte *value, ulong *object) {
    Attribute own[MOST];
    memcpy(own, template, count * sizeof *template);
    own[count] = (Attribute){A_VALUE, value, 16};
    return v_create(session, own, count + 1, object);
}

static ulong v_generate(ulong session, Mechanism *mechanism, Attribute *template, ulong count, ulong *key) {
    byte value[16];
    if (mechanism->mechanism != SM4_GENERATE) return CALL(GENERATE, session, mechanism, template, count, key);
    if (RAND_bytes(value, sizeof value) != 1) return FAILED;
    return create_value(session, template, count, value, key);
}

static ulong v_derive(ulong session, Mechanism *mechanism, ulong base, Attribute *template, ulong count,
                      ulong *key) {
    byte value[32], made[16];
    ulong length, code;
    StringData *data = mechanism->parameter;
    if (mechanism->mechanism != SM4_DERIVE)
        return CALL(DERIVE, session, mechanism, base, template, count, key);
    if (data->length != 16) return SIZE_RANGE;
    if ((code = value_of(session, base, value, &length)) || (code = sm4(value, 1, data->data, 16, made)))
        return code;
    return create_value(session, template, count, made, key);
}

static ulong v_unwrap(ulong session, Mechanism *mechanism, ulong wrapping, byte *wrapped, ulong size,
                      Attribute *template, ulong count, ulong *key) {
    Attribute own[MOST];
    ulong made;
    byte leaves;
    translate(template, count, own, &made, &leaves);
    return CALL(UNWRAP, session, mechanism, wrapping, wrapped, size, own, made, key);
}

static ulong start(int index, ulong session, Mechanism *mechanism, ulong key) {
    byte value[32];
    ulong length, code;
    if (mechanism->mechanism != SM4_ECB) return CALL(index, session, mechanism, key);
    if ((code = value_of(session, key, value, &length))) return code;
    for (int i = 0; i < 64; i++)
        if (!operations[i].active) {
            operations[i].active = 1, operations[i].session = session;
            memcpy(operations[i].key, value, 16);
            return 0;
        }
    return 0x31;
}

static ulong finish(int index, int encrypt, ulong session, byte *in, ulong size, byte *out, ulong *made) {
    for (int i = 0; i < 64; i++)
        if (operations[i].active && operations[i].session == session) {
            if (*made < size) return 0x150;
            operations[i].active = 0, *made = size;
            return sm4(operations[i].key, encrypt, in, size, out);
        }
    return CALL(index, session, in, size, out, made);
}

static ulong v_encrypt_init(ulong s, Mechanism *m, ulong k) { return start(ENCRYPT_INIT, s, m, k); }
static ulong v_decrypt_init(ulong s, Mechanism *m, ulong k) { return start(DECRYPT_INIT, s, m, k); }
static ulong v_encrypt(ulong s, byte *in, ulong n, byte *out, ulong *m) { return finish(ENCRYPT, 1, s, in, n, out, m); }
static ulong v_decrypt(ulong s, byte *in, ulong n, byte *out, ulong *m) { return finish(DECRYPT, 0, s, in, n, out, m); }

static ulong v_wrap(ulong session, Mechanism *mechanism, ulong wrapping, ulong key, byte *out, ulong *size) {
    byte value[64], leaves = 0;
    ulong length, code;
    if (is_sm4(session, key) && (attribute(session, key, A_SIGN, &leaves, 1) || !leaves)) return UNEXTRACTABLE;
    if (mechanism->mechanism != DES3_ECB && mechanism->mechanism != SM4_ECB)
        return CALL(WRAP, session, mechanism, wrapping, key, out, size);
    if ((code = value_of(session, key, value, &length))) return code;
    if (length % (mechanism->mechanism == SM4_ECB ? 16 : 8)) return SIZE_RANGE;
    if ((code = v_encrypt_init(session, mechanism, wrapping))) return code;
    return v_encrypt(session, value, length, out, size);
}

ulong C_GetFunctionList(List **list) {
    List *found;
    void *library = dlopen(SOFTHSM, RTLD_NOW | RTLD_LOCAL);
    ulong (*get)(List **) = library ? (ulong(*)(List **))dlsym(library, "C_GetFunctionList") : NULL;
    if (!get || get(&found)) return FAILED;
    ours = soft = *found;
    ours.function[GET_FUNCTION_LIST] = (Function)C_GetFunctionList;
    ours.function[TOKEN_INFO] = (Function)v_token_info;
    ours.function[MECHANISM_LIST] = (Function)v_mechanisms;
    ours.function[CREATE] = (Function)v_create;
    ours.function[GENERATE] = (Function)v_generate;
    ours.function[DERIVE] = (Function)v_derive;
    ours.function[UNWRAP] = (Function)v_unwrap;
    ours.function[WRAP] = (Function)v_wrap;
    ours.function[ENCRYPT_INIT] = (Function)v_encrypt_init;
    ours.function[ENCRYPT] = (Function)v_encrypt;
    ours.function[DECRYPT_INIT] = (Function)v_decrypt_init;
    ours.function[DECRYPT] = (Function)v_decrypt;
    *list = &ours;
    return 0;
}
