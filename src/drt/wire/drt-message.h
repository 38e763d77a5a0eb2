/* SPDX-License-Identifier: LGPL-2.1-or-later */

#pragma once

#include "drt-endpoint.h"
#include "drt-key.h"

/*
 * The eight messages of [MC-DRT] §2.2.2 and the AUTHORITY_BUFFER as structures,
 * and their way to bytes and back.  Decoding allocates nothing: every span in a
 * decoded structure points into the bytes it was decoded from and lives as long
 * as they do.  Encoding copies what the spans point to.
 */

G_BEGIN_DECLS

#define DRT_HEADER_IDENTIFIER  0x51
#define DRT_HEADER_SIZE        12
#define DRT_NONCE_SIZE         16
#define DRT_HASHED_NONCE_SIZE  20
#define DRT_FRAGMENT_SIZE      1188    /* §3.2.5.7 */
#define DRT_REASSEMBLED_MAX    0x91E4  /* §2.2.2.6: bytes */
#define DRT_MESSAGE_MAX        65507   /* what one UDP datagram can hold */
#define DRT_MIN_PORT           1024    /* §2.1 */
#define DRT_MAX_ENTRY_ADDRESSES 20
#define DRT_MAX_PATH           22      /* endpoints in a path or flooded list */
#define DRT_MAX_ID_LIST        0x7FFF

typedef enum
{
  DRT_MESSAGE_SOLICIT   = 0x01,
  DRT_MESSAGE_ADVERTISE = 0x02,
  DRT_MESSAGE_REQUEST   = 0x03,
  DRT_MESSAGE_FLOOD     = 0x04,
  DRT_MESSAGE_INQUIRE   = 0x07,
  DRT_MESSAGE_AUTHORITY = 0x08,
  DRT_MESSAGE_ACK       = 0x09,
  DRT_MESSAGE_LOOKUP    = 0x0B,
} DrtMessageType;

const char *drt_message_type_to_string (DrtMessageType type);

typedef enum
{
  DRT_FIELD_HEADER                   = 0x0010,
  DRT_FIELD_HEADER_ACKED             = 0x0018,
  DRT_FIELD_DRT_ID                   = 0x0030,
  DRT_FIELD_TARGET_DRT_ID            = 0x0038,
  DRT_FIELD_VALIDATE_DRT_ID          = 0x0039,
  DRT_FIELD_FLAGS                    = 0x0040,
  DRT_FIELD_FLOOD_CONTROLS           = 0x0043,
  DRT_FIELD_SOLICIT_CONTROLS         = 0x0044,
  DRT_FIELD_LOOKUP_CONTROLS          = 0x0045,
  DRT_FIELD_EXTENDED_PAYLOAD         = 0x005A,
  DRT_FIELD_DRT_ID_ARRAY             = 0x0060,
  DRT_FIELD_CREDENTIAL               = 0x0080,
  DRT_FIELD_WCHAR                    = 0x0084,
  DRT_FIELD_CLASSIFIER               = 0x0085,
  DRT_FIELD_HASHED_NONCE             = 0x0092,
  DRT_FIELD_NONCE                    = 0x0093,
  DRT_FIELD_SPLIT_CONTROLS           = 0x0098,
  DRT_FIELD_ROUTING_ENTRY            = 0x009A,
  DRT_FIELD_VALIDATE_CPA             = 0x009B,
  DRT_FIELD_REVOKE_CPA               = 0x009C,
  DRT_FIELD_IPV6_ENDPOINT            = 0x009D,
  DRT_FIELD_IPV6_ENDPOINT_ARRAY      = 0x009E,
  DRT_FIELD_KEYTOKEN                 = 0x009F,
  DRT_FIELD_ENCRYPTED_ENDPOINT_ARRAY = 0x00A0,
  DRT_FIELD_ENCRYPTED_ROUTING_ENTRY  = 0x00A1,
  DRT_FIELD_ENCRYPTED_CPA            = 0x00A2,
  DRT_FIELD_ENCRYPTED_CLASSIFIER     = 0x00A3,
  DRT_FIELD_ENCRYPTED_PAYLOAD        = 0x00A4,
  DRT_FIELD_SIGNATURE                = 0x00A5,
  DRT_FIELD_KEY_IDENTIFIER           = 0x00A6,
} DrtFieldId;

/* Why bytes are no message; each reason is counted apart. */
typedef enum
{
  DRT_DECODE_OK = 0,
  DRT_DECODE_TRUNCATED,      /* a field reaches past the end */
  DRT_DECODE_BAD_HEADER,     /* §2.2.1 not met */
  DRT_DECODE_BAD_TYPE,       /* a message type that does not exist */
  DRT_DECODE_MISSING_FIELD,  /* a required field is absent or out of order */
  DRT_DECODE_UNKNOWN_FIELD,  /* a field that does not belong here */
  DRT_DECODE_BAD_LENGTH,     /* a Length or count that does not fit */
  DRT_DECODE_BAD_VALUE,      /* a value outside its range */
  DRT_DECODE_N_RESULTS
} DrtDecodeResult;

const char *drt_decode_result_to_string (DrtDecodeResult result);

/* Borrowed bytes. data == NULL: the field is absent. data != NULL with
 * length 0: the field is there and empty, as a provider may return it. */
typedef struct
{
  const guint8 *data;
  gsize length;
} DrtSpan;

#define DRT_SPAN_PRESENT(span) ((span).data != NULL)

/* ROUTE_ENTRY, §2.2.3.3 */
typedef struct
{
  DrtKey key;
  guint8 major;            /* DRT version, the application's */
  guint8 minor;
  guint16 port;            /* host byte order, >= DRT_MIN_PORT */
  guint8 n_addresses;      /* 1 .. DRT_MAX_ENTRY_ADDRESSES */
  const guint8 *addresses; /* n_addresses * 16 bytes, network byte order */
} DrtWireEntry;

/* DRT_ID_ARRAY, §2.2.3.6 */
typedef struct
{
  guint16 n_keys;
  const guint8 *keys;      /* n_keys * 32 bytes */
} DrtWireKeys;

/* IPV6_ENDPOINT_ARRAY, §2.2.3.5 */
typedef struct
{
  guint8 n_endpoints;
  const guint8 *endpoints; /* n_endpoints * 18 bytes: port, address */
} DrtWireEndpoints;

#define DRT_WIRE_ENDPOINT_SIZE 18

void     drt_wire_entry_get_endpoint (const DrtWireEntry *entry, guint i, DrtEndpoint *endpoint);
void     drt_wire_keys_get           (const DrtWireKeys *keys, guint i, DrtKey *key);
void     drt_wire_endpoints_get      (const DrtWireEndpoints *endpoints, guint i, DrtEndpoint *endpoint);
gboolean drt_wire_endpoints_contain  (const DrtWireEndpoints *endpoints, const DrtEndpoint *endpoint);
void     drt_wire_endpoint_put       (guint8 bytes[DRT_WIRE_ENDPOINT_SIZE], const DrtEndpoint *endpoint);

/* What proves membership; all three fields or none (§1.3.2.2). */
typedef struct
{
  DrtSpan credential;
  DrtSpan signature;
  DrtSpan key_identifier;
  DrtSpan before;          /* of one decoded: the bytes in front of its CREDENTIAL, padding and all */
} DrtWireProof;

/* §2.2.2.4 */
#define DRT_FLOOD_FLAG_D     0x0001  /* no ACK wanted */
/* §2.2.2.5 */
#define DRT_INQUIRE_FLAG_A   0x0010  /* want the CPA */
#define DRT_INQUIRE_FLAG_X   0x0008  /* want the extended payload */
#define DRT_INQUIRE_FLAG_C   0x0004  /* want the certificate chain */
/* §2.2.2.6.1 */
#define DRT_AUTHORITY_FLAG_L 0x0200  /* target unknown but within my leaf set */
#define DRT_AUTHORITY_FLAG_B 0x0008  /* too busy */
#define DRT_AUTHORITY_FLAG_N 0x0001  /* validate key not mine */
/* §2.2.2.7 */
#define DRT_ACK_FLAG_N       0x0001  /* validate key of the FLOOD not mine */
/* §2.2.2.8 */
#define DRT_LOOKUP_FLAG_A    0x0002  /* nodes that are no closer are welcome */

typedef enum
{
  DRT_CRITERIA_NONE       = 0x00,  /* all 256 bits */
  DRT_CRITERIA_ANY        = 0x01,  /* the first 128 bits */
  DRT_CRITERIA_NEAREST    = 0x02,  /* all 256 bits, nearest */
  DRT_CRITERIA_NEAREST64  = 0x04,  /* the first 192 bits, nearest */
  DRT_CRITERIA_UPPER_BITS = 0x08,  /* the first Precision bits */
} DrtResolveCriteria;

typedef enum
{
  DRT_REASON_APP_REQUEST       = 0x00,
  DRT_REASON_REGISTRATION      = 0x01,
  DRT_REASON_CACHE_MAINTENANCE = 0x02,
  DRT_REASON_SPLIT_DETECTION   = 0x03,
} DrtResolveReason;

typedef struct
{
  gboolean has_entry;
  DrtWireEntry entry;
  guint8 hashed_nonce[DRT_HASHED_NONCE_SIZE];
  DrtWireProof proof;      /* PROFILE-2.0.md 7 */
} DrtSolicit;

typedef struct
{
  guint32 acked;
  DrtWireKeys keys;
  guint8 hashed_nonce[DRT_HASHED_NONCE_SIZE];
} DrtAdvertise;

/* The part of a REQUEST from NONCE on, which SPLIT_CONTROLS counts. */
typedef struct
{
  guint8 nonce[DRT_NONCE_SIZE];
  DrtWireKeys keys;
  DrtWireProof proof;
} DrtRequestBody;

typedef struct
{
  gboolean has_split;      /* FLAGS and SPLIT_CONTROLS: membership and confidential mode */
  guint16 size;            /* of the whole body */
  guint16 offset;          /* of this fragment */
  DrtSpan fragment;        /* the bytes from NONCE on in this datagram */
  DrtRequestBody body;     /* decoded when the datagram holds all of it, else zero */
  gboolean has_body;
} DrtRequest;

typedef struct
{
  guint16 flags;           /* DRT_FLOOD_FLAG_* */
  DrtKey validate_key;
  DrtSpan keytoken;        /* present in confidential mode only: what follows is sealed */
  DrtSpan revoke_cpa;      /* clear or sealed */
  gboolean has_entry;      /* a clear entry */
  DrtWireEntry entry;
  DrtSpan sealed_entry;
  gboolean has_flooded;    /* a clear list */
  DrtWireEndpoints flooded;
  DrtSpan sealed_flooded;
  DrtWireProof proof;      /* PROFILE-2.0.md 7 */
} DrtFlood;

typedef struct
{
  guint16 flags;           /* DRT_INQUIRE_FLAG_* */
  DrtKey validate_key;
  gboolean has_nonce;
  guint8 nonce[DRT_NONCE_SIZE];
  DrtWireProof proof;
} DrtInquire;

typedef struct
{
  guint32 acked;
  guint16 size;            /* of the whole AUTHORITY_BUFFER */
  guint16 offset;
  DrtSpan fragment;
} DrtAuthority;

typedef struct
{
  guint16 flags;           /* DRT_AUTHORITY_FLAG_* */
  DrtSpan credential;
  DrtSpan keytoken;        /* present in confidential mode only: what follows is sealed */
  DrtSpan classifier;      /* clear: the WCHAR elements, or sealed */
  DrtSpan payload;         /* clear or sealed */
  gboolean has_entry;      /* a clear entry */
  DrtWireEntry entry;
  DrtSpan sealed_entry;
  DrtSpan cpa;             /* clear or sealed */
} DrtAuthorityBuffer;

typedef struct
{
  guint32 acked;
  guint16 flags;           /* DRT_ACK_FLAG_N or 0 */
} DrtAck;

typedef struct
{
  guint16 flags;           /* DRT_LOOKUP_FLAG_A or 0 */
  guint16 precision;       /* bits, with DRT_CRITERIA_UPPER_BITS only */
  DrtResolveCriteria criteria;
  DrtResolveReason reason;
  DrtKey target;
  DrtKey validate_key;
  DrtSpan keytoken;        /* present in confidential mode only: what follows is sealed */
  gboolean has_entry;      /* a clear entry */
  DrtWireEntry entry;
  DrtSpan sealed_entry;
  DrtWireEndpoints path;   /* 1 .. DRT_MAX_PATH, clear */
  DrtSpan sealed_path;
  DrtWireProof proof;
} DrtLookup;

typedef struct
{
  guint8 major;            /* header versions, the application's */
  guint8 minor;
  DrtMessageType type;
  guint32 id;              /* MessageID */
  union
  {
    DrtSolicit solicit;
    DrtAdvertise advertise;
    DrtRequest request;
    DrtFlood flood;
    DrtInquire inquire;
    DrtAuthority authority;
    DrtAck ack;
    DrtLookup lookup;
  };
} DrtMessage;

DrtDecodeResult drt_message_decode          (const guint8 *bytes, gsize length, DrtMessage *message);
gsize           drt_message_encode          (const DrtMessage *message, guint8 *bytes, gsize size);

/* drt-message-proof.c: the proof of a message, and what it covers (PROFILE-2.0.md 5) */
DrtWireProof   *drt_message_get_proof       (DrtMessage *message);
gsize           drt_message_encode_covered  (const DrtMessage *message, guint8 *bytes, gsize size);
gsize           drt_message_covered_size    (const DrtMessage *message);
gsize           drt_message_copy_covered    (const DrtMessage *message, guint8 *bytes, gsize size);

DrtDecodeResult drt_request_body_decode     (const guint8 *bytes, gsize length, DrtRequestBody *body);
gsize           drt_request_body_encode     (const DrtRequestBody *body, guint8 *bytes, gsize size);

DrtDecodeResult drt_authority_buffer_decode (const guint8 *bytes, gsize length, DrtAuthorityBuffer *buffer);
gsize           drt_authority_buffer_encode (const DrtAuthorityBuffer *buffer, guint8 *bytes, gsize size);

/* What is sealed in confidential mode, once opened: a bare ROUTE_ENTRY, and the
 * FIELD_ARRAY structure of an endpoint list, without the field header. */
DrtDecodeResult drt_wire_entry_decode       (const guint8 *bytes, gsize length, DrtWireEntry *entry);
gsize           drt_wire_entry_encode       (const DrtWireEntry *entry, guint8 *bytes, gsize size);
DrtDecodeResult drt_wire_endpoints_decode   (const guint8 *bytes, gsize length, guint minimum, DrtWireEndpoints *endpoints);
gsize           drt_wire_endpoints_encode   (const DrtWireEndpoints *endpoints, guint8 *bytes, gsize size);

G_END_DECLS
