/* A cryptographic device behind the C interface of GM/T 0018, for tests: it computes real SM4.
 *
 * It is as strict as devices are: every handle, index, length and algorithm is checked; keys are wrapped in CBC
 * only; it computes at most 64 KiB in one call. WITHOUT_IMPORT_KEY and WITHOUT_MAC leave functions out, as some
 * libraries do. */

#include "device.h"

int SDF_OpenDevice(void **phDeviceHandle)
{
    FILE *file;
    ENTER("SDF_OpenDevice")
    if (!phDeviceHandle) REFUSE(SDR_OUTARGERR);
    if (!(file = open_file("."))) REFUSE(SDR_OPENDEVICE);
    fclose(file);
    device.open++;
    *phDeviceHandle = &device;
    LEAVE
}

int SDF_CloseDevice(void *hDeviceHandle)
{
    ENTER("SDF_CloseDevice")
    if (hDeviceHandle != &device || !device.open) REFUSE(SDR_INARGERR);
    device.open--;
    LEAVE
}

int SDF_OpenSession(void *hDeviceHandle, void **phSessionHandle)
{
    ENTER("SDF_OpenSession")
    if (hDeviceHandle != &device || !device.open) REFUSE(SDR_INARGERR);
    if (!phSessionHandle) REFUSE(SDR_OUTARGERR);
    for (int i = 0; i < SESSIONS; i++)
        if (!sessions[i].open) {
            memset(&sessions[i], 0, sizeof sessions[i]);
            sessions[i].open = 1;
            *phSessionHandle = &sessions[i];
            REFUSE(SDR_OK);
        }
    result = SDR_OPENSESSION;
    LEAVE
}

int SDF_CloseSession(void *hSessionHandle)
{
    session_t *session;
    ENTER("SDF_CloseSession")
    if (!(session = session_of(hSessionHandle))) REFUSE(SDR_INARGERR);
    for (int i = 0; i < KEYS; i++)
        if (keys[i].used && keys[i].session == session) destroy(&keys[i]);
    session->open = 0;
    LEAVE
}

int SDF_GetDeviceInfo(void *hSessionHandle, DEVICEINFO *pstDeviceInfo)
{
    ENTER("SDF_GetDeviceInfo")
    if (!session_of(hSessionHandle)) REFUSE(SDR_INARGERR);
    if (!pstDeviceInfo) REFUSE(SDR_OUTARGERR);
    memset(pstDeviceInfo, 0, sizeof *pstDeviceInfo);
    memcpy(pstDeviceInfo->IssuerName, "Shebaoka tests", 14);
    memcpy(pstDeviceInfo->DeviceName, "SDF stub", 8);
    memcpy(pstDeviceInfo->DeviceSerial, "2026010100000001", 16);
    pstDeviceInfo->DeviceVersion = 1;
    pstDeviceInfo->StandardVersion = 2;
    pstDeviceInfo->SymAlgAbility = SGD_SM4_ECB | SGD_SM4_CBC | SGD_SM4_MAC;
    LEAVE
}

int SDF_GenerateRandom(void *hSessionHandle, unsigned int uiLength, unsigned char *pucRandom)
{
    ENTER("SDF_GenerateRandom")
    if (!session_of(hSessionHandle) || !uiLength || uiLength > PACKET) REFUSE(SDR_INARGERR);
    if (!pucRandom) REFUSE(SDR_OUTARGERR);
    if (RAND_bytes(pucRandom, (int)uiLength) != 1) result = SDR_SYMOPERR;
    LEAVE
}

int SDF_GetKEKAccessRight(void *hSessionHandle, unsigned int uiKeyIndex, unsigned char *pucPassword,
                          unsigned int uiPwdLength)
{
    session_t *session;
    char wanted[65];
    size_t size;
    FILE *file;
    ENTER("SDF_GetKEKAccessRight")
    if (!(session = session_of(hSessionHandle)) || !pucPassword) REFUSE(SDR_INARGERR);
    if (uiKeyIndex < 1 || uiKeyIndex > KEKS) REFUSE(SDR_KEYNOTEXIST);
    if (!(file = open_file("password"))) REFUSE(SDR_PRKRERR);
    size = fread(wanted, 1, sizeof wanted - 1, file);
    fclose(file);
    if (size != uiPwdLength || CRYPTO_memcmp(wanted, pucPassword, size)) REFUSE(SDR_PRKRERR);
    session->kek_right[uiKeyIndex] = 1;
    LEAVE
}

int SDF_ReleaseKEKAccessRight(void *hSessionHandle, unsigned int uiKeyIndex)
{
    session_t *session;
    ENTER("SDF_ReleaseKEKAccessRight")
    if (!(session = session_of(hSessionHandle))) REFUSE(SDR_INARGERR);
    if (uiKeyIndex < 1 || uiKeyIndex > KEKS) REFUSE(SDR_KEYNOTEXIST);
    session->kek_right[uiKeyIndex] = 0;
    LEAVE
}

/* A wrapped key: random IV 16, then CBC with padding: 48 bytes. */
int SDF_GenerateKeyWithKEK(void *hSessionHandle, unsigned int uiKeyBits, unsigned int uiAlgID,
                           unsigned int uiKEKIndex, unsigned char *pucKey, unsigned int *puiKeyLength,
                           void **phKeyHandle)
{
    unsigned char protector[BLOCK], fresh[BLOCK];
    unsigned int written;
    session_t *session;
    skey_t *key;
    ENTER("SDF_GenerateKeyWithKEK")
    if (!(session = session_of(hSessionHandle)) || uiKeyBits != 128) REFUSE(SDR_INARGERR);
    if (uiAlgID != SGD_SM4_CBC) REFUSE(SDR_ALGMODNOTSUPPORT);
    if (!pucKey || !puiKeyLength || *puiKeyLength < 3 * BLOCK || !phKeyHandle) REFUSE(SDR_OUTARGERR);
    if ((result = kek(session, uiKEKIndex, protector)) != SDR_OK) goto leave;
    if (RAND_bytes(fresh, BLOCK) != 1 || RAND_bytes(pucKey, BLOCK) != 1) REFUSE(SDR_SYMOPERR);
    result = sm4(EVP_sm4_cbc(), 1, 1, protector, pucKey, fresh, BLOCK, pucKey + BLOCK, &written);
    if (result == SDR_OK && !(key = new_key(session, fresh))) result = SDR_OPENSESSION;
    if (result == SDR_OK) { *puiKeyLength = BLOCK + written; *phKeyHandle = key; }
    OPENSSL_cleanse(protector, BLOCK);
    OPENSSL_cleanse(fresh, BLOCK);
    LEAVE
}

int SDF_ImportKeyWithKEK(void *hSessionHandle, unsigned int uiAlgID, unsigned int uiKEKIndex,
                         unsigned char *pucKey, unsigned int uiKeyLength, void **phKeyHandle)
{
    unsigned char protector[BLOCK], clear[3 * BLOCK];
    unsigned int written;
    session_t *session;
    skey_t *key;
    ENTER("SDF_ImportKeyWithKEK")
    if (!(session = session_of(hSessionHandle)) || !pucKey || uiKeyLength != 3 * BLOCK) REFUSE(SDR_INARGERR);
    if (uiAlgID != SGD_SM4_CBC) REFUSE(SDR_ALGMODNOTSUPPORT);
    if (!phKeyHandle) REFUSE(SDR_OUTARGERR);
    if ((result = kek(session, uiKEKIndex, protector)) != SDR_OK) goto leave;
    result = sm4(EVP_sm4_cbc(), 0, 1, protector, pucKey, pucKey + BLOCK, 2 * BLOCK, clear, &written);
    if (result != SDR_OK || written != BLOCK) result = SDR_KEYERR;
    else if (!(key = new_key(session, clear))) result = SDR_OPENSESSION;
    else *phKeyHandle = key;
    OPENSSL_cleanse(protector, BLOCK);
    OPENSSL_cleanse(clear, sizeof clear);
    LEAVE
}

#ifndef WITHOUT_IMPORT_KEY
int SDF_ImportKey(void *hSessionHandle, unsigned char *pucKey, unsigned int uiKeyLength, void **phKeyHandle)
{
    session_t *session;
    ENTER("SDF_ImportKey")
    if (!(session = session_of(hSessionHandle)) || !pucKey || uiKeyLength != BLOCK) REFUSE(SDR_INARGERR);
    if (!phKeyHandle) REFUSE(SDR_OUTARGERR);
    if (!(*phKeyHandle = new_key(session, pucKey))) result = SDR_OPENSESSION;
    LEAVE
}
#endif

int SDF_DestroyKey(void *hSessionHandle, void *hKeyHandle)
{
    session_t *session;
    skey_t *key;
    ENTER("SDF_DestroyKey")
    if (!(session = session_of(hSessionHandle))) REFUSE(SDR_INARGERR);
    if (!(key = key_of(session, hKeyHandle))) REFUSE(SDR_KEYNOTEXIST);
    destroy(key);
    LEAVE
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

int SDF_Encrypt(void *hSessionHandle, void *hKeyHandle, unsigned int uiAlgID, unsigned char *pucIV,
                unsigned char *pucData, unsigned int uiDataLength, unsigned char *pucEncData,
                unsigned int *puiEncDataLength)
{
    ENTER("SDF_Encrypt")
    result = compute(1, hSessionHandle, hKeyHandle, uiAlgID, pucIV, pucData, uiDataLength, pucEncData,
                     puiEncDataLength);
    LEAVE
}

int SDF_Decrypt(void *hSessionHandle, void *hKeyHandle, unsigned int uiAlgID, unsigned char *pucIV,
                unsigned char *pucEncData, unsigned int uiEncDataLength, unsigned char *pucData,
                unsigned int *puiDataLength)
{
    ENTER("SDF_Decrypt")
    result = compute(0, hSessionHandle, hKeyHandle, uiAlgID, pucIV, pucEncData, uiEncDataLength, pucData,
                     puiDataLength);
    LEAVE
}

#ifndef WITHOUT_MAC
int SDF_CalculateMAC(void *hSessionHandle, void *hKeyHandle, unsigned int uiAlgID, unsigned char *pucIV,
                     unsigned char *pucData, unsigned int uiDataLength, unsigned char *pucMac,
                     unsigned int *puiMacLength)
{
    unsigned char chained[PACKET];
    unsigned int length = sizeof chained;
    ENTER("SDF_CalculateMAC")
    if (uiAlgID != SGD_SM4_MAC) REFUSE(SDR_ALGNOTSUPPORT);
    if (!pucMac || !puiMacLength || *puiMacLength < BLOCK) REFUSE(SDR_OUTARGERR);
    result = compute(1, hSessionHandle, hKeyHandle, SGD_SM4_CBC, pucIV, pucData, uiDataLength, chained, &length);
    if (result == SDR_OK) { memcpy(pucMac, chained + length - BLOCK, BLOCK); *puiMacLength = BLOCK; }
    LEAVE
}
#endif
