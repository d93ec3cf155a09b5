/* What the stub device is made of: its directory, sessions, keys, and SM4 through libcrypto.
 *
 * The device is the directory SHEBAOKA_SDF_STUB: kek-N.key holds key encryption key N (16 bytes), "password",
 * where it exists, is asked for before KEKs or private keys are used, "faults" holds lines
 * "SDF_Function CODE [NTH]": that function fails with the hexadecimal code (from its NTH call on); "identity",
 * where it exists, is what the device says of itself: issuer, name and serial, a line each. */

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SDR_OK 0x0u
#define SDR_NOTSUPPORT 0x01000002u
#define SDR_OPENDEVICE 0x01000005u
#define SDR_OPENSESSION 0x01000006u
#define SDR_PARDENY 0x01000007u
#define SDR_KEYNOTEXIST 0x01000008u
#define SDR_ALGNOTSUPPORT 0x01000009u
#define SDR_ALGMODNOTSUPPORT 0x0100000Au
#define SDR_PKOPERR 0x0100000Bu
#define SDR_SKOPERR 0x0100000Cu
#define SDR_SYMOPERR 0x0100000Fu
#define SDR_KEYERR 0x01000015u
#define SDR_PRKRERR 0x01000018u
#define SDR_INARGERR 0x0100001Du
#define SDR_OUTARGERR 0x0100001Eu

#define SGD_SM4_ECB 0x401u
#define SGD_SM4_CBC 0x402u
#define SGD_SM4_MAC 0x410u
#define SGD_SM2_3 0x20800u

#define BLOCK 16u
#define PACKET 65536u
#define SESSIONS 8
#define KEYS 64
#define KEKS 16

typedef struct { int open; } device_t;
typedef struct { int open; int kek_right[KEKS + 1], private_right[KEKS + 1]; } session_t;
typedef struct { int used; session_t *session; unsigned char bytes[BLOCK]; } skey_t;

typedef struct {
    unsigned char IssuerName[40], DeviceName[16], DeviceSerial[16];
    unsigned int DeviceVersion, StandardVersion, AsymAlgAbility[2], SymAlgAbility, HashAlgAbility, BufferSize;
} DEVICEINFO;

static device_t device;
static session_t sessions[SESSIONS];
static skey_t keys[KEYS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct { char name[48]; unsigned int calls; } counted[32];

static FILE *open_file(const char *name)
{
    char path[1024];
    const char *directory = getenv("SHEBAOKA_SDF_STUB");
    if (!directory || snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path) return NULL;
    return fopen(path, "rb");
}

static void line_of(FILE *file, unsigned char *target, size_t size)
{
    char line[64] = "";
    if (!fgets(line, sizeof line, file)) return;
    line[strcspn(line, "\n")] = 0;
    memset(target, 0, size);
    memcpy(target, line, strlen(line) < size ? strlen(line) : size);
}

/* The code a test wants this call of the function to fail with, or 0. */
static unsigned int fault(const char *function)
{
    char name[48];
    unsigned int code, nth, calls = 0, i;
    char line[96];
    FILE *file = open_file("faults");
    if (!file) { memset(counted, 0, sizeof counted); return 0; }
    for (i = 0; i < 32; i++) {
        if (!counted[i].name[0]) snprintf(counted[i].name, sizeof counted[i].name, "%s", function);
        if (!strcmp(counted[i].name, function)) { calls = ++counted[i].calls; break; }
    }
    while (fgets(line, sizeof line, file)) {
        nth = 1;
        if (sscanf(line, "%47s %x %u", name, &code, &nth) >= 2 && !strcmp(name, function) && calls >= nth) {
            fclose(file);
            return code;
        }
    }
    fclose(file);
    return 0;
}

#define ENTER(function) \
    unsigned int result; \
    pthread_mutex_lock(&lock); \
    if ((result = fault(function)) != 0) goto leave;
#define REFUSE(code) do { result = (code); goto leave; } while (0)
#define LEAVE leave: pthread_mutex_unlock(&lock); return (int)result;

static session_t *session_of(void *handle)
{
    for (int i = 0; i < SESSIONS; i++)
        if (handle == &sessions[i] && sessions[i].open) return &sessions[i];
    return NULL;
}

static skey_t *key_of(session_t *session, void *handle)
{
    for (int i = 0; i < KEYS; i++)
        if (handle == &keys[i] && keys[i].used && keys[i].session == session) return &keys[i];
    return NULL;
}

static skey_t *new_key(session_t *session, const unsigned char *bytes)
{
    for (int i = 0; i < KEYS; i++)
        if (!keys[i].used) {
            keys[i].used = 1;
            keys[i].session = session;
            memcpy(keys[i].bytes, bytes, BLOCK);
            return &keys[i];
        }
    return NULL;
}

static void destroy(skey_t *key) { OPENSSL_cleanse(key, sizeof *key); }

static unsigned int sm4(const EVP_CIPHER *cipher, int encrypt, int padding, const unsigned char *key,
                        const unsigned char *iv, const unsigned char *in, unsigned int length,
                        unsigned char *out, unsigned int *written)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int first = 0, last = 0, good;
    if (!context) return SDR_SYMOPERR;
    good = EVP_CipherInit_ex(context, cipher, NULL, key, iv, encrypt) &&
           EVP_CIPHER_CTX_set_padding(context, padding) &&
           EVP_CipherUpdate(context, out, &first, in, (int)length) &&
           EVP_CipherFinal_ex(context, out + first, &last);
    EVP_CIPHER_CTX_free(context);
    *written = (unsigned int)(first + last);
    return good ? SDR_OK : SDR_SYMOPERR;
}

static unsigned int kek(session_t *session, unsigned int index, unsigned char *bytes)
{
    char name[32];
    FILE *file;
    size_t size;
    if (index < 1 || index > KEKS) return SDR_KEYNOTEXIST;
    if ((file = open_file("password"))) {
        fclose(file);
        if (!session->kek_right[index]) return SDR_PARDENY;
    }
    snprintf(name, sizeof name, "kek-%u.key", index);
    if (!(file = open_file(name))) return SDR_KEYNOTEXIST;
    size = fread(bytes, 1, BLOCK, file);
    fclose(file);
    return size == BLOCK ? SDR_OK : SDR_KEYERR;
}

static unsigned int password_fits(const unsigned char *password, unsigned int length)
{
    char wanted[65];
    size_t size;
    FILE *file = open_file("password");
    if (!file) return SDR_PRKRERR;
    size = fread(wanted, 1, sizeof wanted - 1, file);
    fclose(file);
    return size == length && !CRYPTO_memcmp(wanted, password, size) ? SDR_OK : SDR_PRKRERR;
}

static unsigned int compute(int encrypt, void *hSession, void *hKey, unsigned int algorithm, unsigned char *iv,
                            unsigned char *in, unsigned int length, unsigned char *out, unsigned int *written)
{
    session_t *session = session_of(hSession);
    skey_t *key = session ? key_of(session, hKey) : NULL;
    unsigned int result;
    if (!session || !in || !length || length % BLOCK || length > PACKET) return SDR_INARGERR;
    if (!key) return SDR_KEYNOTEXIST;
    if (!out || !written || *written < length) return SDR_OUTARGERR;
    if (algorithm == SGD_SM4_ECB) return sm4(EVP_sm4_ecb(), encrypt, 0, key->bytes, NULL, in, length, out, written);
    if (algorithm != SGD_SM4_CBC) return SDR_ALGNOTSUPPORT;
    if (!iv) return SDR_INARGERR;
    result = sm4(EVP_sm4_cbc(), encrypt, 0, key->bytes, iv, in, length, out, written);
    if (result == SDR_OK) memcpy(iv, encrypt ? out + length - BLOCK : in + length - BLOCK, BLOCK);
    return result;
}
