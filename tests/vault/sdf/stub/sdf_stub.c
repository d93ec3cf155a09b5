/* A cryptographic device behind the C interface of GM/T 0018, for tests: it computes real SM4 and SM2.
 *
 * It is as strict as devices are: every handle, index, length and algorithm is checked; keys are wrapped in CBC
 * only; it computes at most 64 KiB in one call. WITHOUT_IMPORT_KEY, WITHOUT_SM2 and WITHOUT_MAC leave
 * functions out, as some libraries do. */

#include "device.h"
#ifndef WITHOUT_SM2
#include "sm2.h"
#endif

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
    FILE *file;
    ENTER("SDF_GetDeviceInfo")
    if (!session_of(hSessionHandle)) REFUSE(SDR_INARGERR);
    if (!pstDeviceInfo) REFUSE(SDR_OUTARGERR);
    memset(pstDeviceInfo, 0, sizeof *pstDeviceInfo);
    memcpy(pstDeviceInfo->IssuerName, "Shebaoka tests", 14);
    memcpy(pstDeviceInfo->DeviceName, "SDF stub", 8);
    memcpy(pstDeviceInfo->DeviceSerial, "2026010100000001", 16);
    if ((file = open_file("identity"))) {
        line_of(file, pstDeviceInfo->IssuerName, sizeof pstDeviceInfo->IssuerName);
        line_of(file, pstDeviceInfo->DeviceName, sizeof pstDeviceInfo->DeviceName);
        line_of(file, pstDeviceInfo->DeviceSerial, sizeof pstDeviceInfo->DeviceSerial);
        fclose(file);
    }
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
    ENTER("SDF_GetKEKAccessRight")
    if (!(session = session_of(hSessionHandle)) || !pucPassword) REFUSE(SDR_INARGERR);
    if (uiKeyIndex < 1 || uiKeyIndex > KEKS) REFUSE(SDR_KEYNOTEXIST);
    if ((result = password_fits(pucPassword, uiPwdLength)) == SDR_OK) session->kek_right[uiKeyIndex] = 1;
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

#ifndef WITHOUT_SM2
int SDF_GetPrivateKeyAccessRight(void *hSessionHandle, unsigned int uiKeyIndex, unsigned char *pucPassword,
                                 unsigned int uiPwdLength)
{
    session_t *session;
    ENTER("SDF_GetPrivateKeyAccessRight")
    if (!(session = session_of(hSessionHandle)) || !pucPassword) REFUSE(SDR_INARGERR);
    if (uiKeyIndex < 1 || uiKeyIndex > KEKS) REFUSE(SDR_KEYNOTEXIST);
    if ((result = password_fits(pucPassword, uiPwdLength)) == SDR_OK) session->private_right[uiKeyIndex] = 1;
    LEAVE
}

int SDF_ReleasePrivateKeyAccessRight(void *hSessionHandle, unsigned int uiKeyIndex)
{
    session_t *session;
    ENTER("SDF_ReleasePrivateKeyAccessRight")
    if (!(session = session_of(hSessionHandle))) REFUSE(SDR_INARGERR);
    if (uiKeyIndex < 1 || uiKeyIndex > KEKS) REFUSE(SDR_KEYNOTEXIST);
    session->private_right[uiKeyIndex] = 0;
    LEAVE
}

int SDF_ExportEncPublicKey_ECC(void *hSessionHandle, unsigned int uiKeyIndex, ECCrefPublicKey *pucPublicKey)
{
    EVP_PKEY *pair = NULL;
    ENTER("SDF_ExportEncPublicKey_ECC")
    if (!session_of(hSessionHandle)) REFUSE(SDR_INARGERR);
    if (!pucPublicKey) REFUSE(SDR_OUTARGERR);
    if (uiKeyIndex < 1 || uiKeyIndex > KEKS || !(pair = sm2_pair(uiKeyIndex))) REFUSE(SDR_KEYNOTEXIST);
    if (!sm2_public(pair, pucPublicKey)) result = SDR_PKOPERR;
    EVP_PKEY_free(pair);
    LEAVE
}

int SDF_ExternalEncrypt_ECC(void *hSessionHandle, unsigned int uiAlgID, ECCrefPublicKey *pucPublicKey,
                            unsigned char *pucData, unsigned int uiDataLength, ECCCipher *pucEncData)
{
    unsigned char der[512];
    size_t length = sizeof der;
    EVP_PKEY *key = NULL;
    ENTER("SDF_ExternalEncrypt_ECC")
    if (!session_of(hSessionHandle) || !pucPublicKey || !pucData || !uiDataLength || uiDataLength > LONGEST)
        REFUSE(SDR_INARGERR);
    if (uiAlgID != SGD_SM2_3) REFUSE(SDR_ALGNOTSUPPORT);
    if (!pucEncData) REFUSE(SDR_OUTARGERR);
    if (!(key = sm2_from_public(pucPublicKey)) || !sm2_crypt(key, 1, pucData, uiDataLength, der, &length) ||
        !sm2_from_der(der, (long)length, pucEncData, uiDataLength))
        result = SDR_PKOPERR;
    EVP_PKEY_free(key);
    LEAVE
}

int SDF_ImportKeyWithISK_ECC(void *hSessionHandle, unsigned int uiISKIndex, ECCCipher *pucKey,
                             void **phKeyHandle)
{
    unsigned char clear[LONGEST], *der = NULL;
    size_t length = sizeof clear;
    int encoded;
    session_t *session;
    EVP_PKEY *pair = NULL;
    FILE *file;
    ENTER("SDF_ImportKeyWithISK_ECC")
    if (!(session = session_of(hSessionHandle)) || !pucKey || pucKey->L != BLOCK) REFUSE(SDR_INARGERR);
    if (!phKeyHandle) REFUSE(SDR_OUTARGERR);
    if (uiISKIndex < 1 || uiISKIndex > KEKS) REFUSE(SDR_KEYNOTEXIST);
    if ((file = open_file("password"))) {
        fclose(file);
        if (!session->private_right[uiISKIndex]) REFUSE(SDR_PARDENY);
    }
    if (!(pair = sm2_pair(uiISKIndex))) REFUSE(SDR_KEYNOTEXIST);
    if ((encoded = sm2_to_der(pucKey, &der)) <= 0 ||
        !sm2_crypt(pair, 0, der, (size_t)encoded, clear, &length) || length != BLOCK)
        result = SDR_SKOPERR;
    else if (!(*phKeyHandle = new_key(session, clear))) result = SDR_OPENSESSION;
    OPENSSL_free(der);
    EVP_PKEY_free(pair);
    OPENSSL_cleanse(clear, sizeof clear);
    LEAVE
}
#endif
