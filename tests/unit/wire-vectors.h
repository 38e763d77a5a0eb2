/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

/*
 * The messages of [MC-DRT] §2.2.2 written out by hand from their layouts, one
 * field per line, the offset of each from the start of the message beside it.
 */

#define KEY_1 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_2 "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
#define ADDRESS_1 "20010db8000000000000000000000001"
#define ADDRESS_2 "fe80000000000000020000fffe000002"
#define NONCE     "808182838485868788898a8b8c8d8e8f"
#define HASH      "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3"

/* Version 1.2, MessageID 0xa1b2c3d4. */
#define HEADER(type) "0010 000c 51 01 02 " type " a1b2c3d4 "
#define ACKED        "0018 0008 0badcafe "

/* Key, version 3.4, port 8080, Flags, one address: 54 bytes; two: 70 bytes. */
#define ENTRY_1 KEY_1 " 03 04 1f90 00 01 " ADDRESS_1
#define ENTRY_2 KEY_1 " 03 04 1f90 00 02 " ADDRESS_1 ADDRESS_2

/* Five, two and three bytes. */
#define PROOF \
  "0080 0009 6365727421 000000 " \
  "00a5 0006 7369 0000 " \
  "00a6 0007 6b6964 "

#define SOLICIT_BARE \
  HEADER ("01")                           /*  0 */ \
  "0092 0018" HASH                        /* 12 */

#define SOLICIT_ENTRY \
  HEADER ("01")                           /*  0 */ \
  "009a 003a" ENTRY_1 "0000"              /* 12: 4 + 54, 2 of padding */ \
  "0092 0018" HASH                        /* 72 */

/* As PROFILE-2.0.md 7 ends it. */
#define SOLICIT_MEMBER \
  HEADER ("01")                           /*  0 */ \
  "009a 003a" ENTRY_1 "0000"              /* 12: 4 + 54, 2 of padding */ \
  "0092 0018" HASH                        /* 72 */ \
  PROOF                                   /* 96 */

#define ADVERTISE_EMPTY \
  HEADER ("02")                           /*  0 */ \
  ACKED                                   /* 12 */ \
  "0060 000c 0000 0008 0030 0020"         /* 20 */ \
  "0092 0018" HASH                        /* 32 */

#define ADVERTISE_TWO \
  HEADER ("02")                           /*  0 */ \
  ACKED                                   /* 12 */ \
  "0060 004c 0002 0048 0030 0020" KEY_1 KEY_2 /* 20: 12 + 64 */ \
  "0092 0018" HASH                        /* 96 */

#define REQUEST_BODY \
  "0093 0014" NONCE                       /*  0 */ \
  "0060 002c 0001 0028 0030 0020" KEY_2   /* 20: 12 + 32 */

/* 64 bytes, then 12 + 8 + 7 */
#define REQUEST_BODY_PROOF REQUEST_BODY PROOF

#define REQUEST_RESOLVE \
  HEADER ("03")                           /*  0 */ \
  REQUEST_BODY                            /* 12 */

#define REQUEST_MEMBER \
  HEADER ("03")                           /*  0 */ \
  "0040 0006 0000 0000"                   /* 12 */ \
  "0098 0008 005b 0000"                   /* 20: Size 64 + 27 */ \
  REQUEST_BODY_PROOF                      /* 28 */

/* The last three bytes of 1191. */
#define REQUEST_FRAGMENT \
  HEADER ("03")                           /*  0 */ \
  "0040 0006 0000 0000"                   /* 12 */ \
  "0098 0008 04a7 04a4"                   /* 20 */ \
  "f1f2f3"                                /* 28 */

#define FLOOD_FULL \
  HEADER ("04")                           /*   0 */ \
  "0043 0007 0001 00 00"                  /*  12: D */ \
  "0039 0024" KEY_2                       /*  20 */ \
  "009c 0009 deadbeef55 000000"           /*  56 */ \
  "009a 004a" ENTRY_2 "0000"              /*  68: 4 + 70, 2 of padding */ \
  "009e 001e 0001 001a 009d 0012 1f91" ADDRESS_2 /* 144: 12 + 18, ends unpadded */

#define FLOOD_ENTRY \
  HEADER ("04")                           /*   0 */ \
  "0043 0007 0000 00 00"                  /*  12 */ \
  "0039 0024" KEY_2                       /*  20 */ \
  "009a 003a" ENTRY_1 "0000"              /*  56: its padding is part of the layout */

#define FLOOD_SEALED \
  HEADER ("04")                           /*   0 */ \
  "0043 0007 0000 00 00"                  /*  12 */ \
  "0039 0024" KEY_2                       /*  20 */ \
  "009f 0007 010203 00"                   /*  56 */ \
  "00a2 0005 aa 000000"                   /*  64 */ \
  "009a 0008 11223344"                    /*  72 */ \
  "00a0 0006 5566"                        /*  80: ends unpadded */

/* As PROFILE-2.0.md 7 ends them. */
#define FLOOD_MEMBER \
  FLOOD_ENTRY                             /*   0 */ \
  PROOF                                   /* 116 */

#define FLOOD_SEALED_MEMBER \
  FLOOD_SEALED "0000"                     /*   0: the padding that has to be there now */ \
  PROOF                                   /*  88 */

#define INQUIRE_BARE \
  HEADER ("07")                           /*   0 */ \
  "0040 0006 0008 0000"                   /*  12: X */ \
  "0039 0024" KEY_1                       /*  20 */

#define INQUIRE_FULL \
  HEADER ("07")                           /*   0 */ \
  "0040 0006 001c 0000"                   /*  12: A, X, C */ \
  "0039 0024" KEY_1                       /*  20 */ \
  "0093 0014" NONCE                       /*  56 */ \
  PROOF                                   /*  76 */

#define AUTHORITY_WHOLE \
  HEADER ("08")                           /*   0 */ \
  ACKED                                   /*  12 */ \
  "0098 0008 0008 0000"                   /*  20 */ \
  "0040 0006 0001 0000"                   /*  28 */

/* The last three bytes of 1191. */
#define AUTHORITY_LAST \
  HEADER ("08")                           /*   0 */ \
  ACKED                                   /*  12 */ \
  "0098 0008 04a7 04a4"                   /*  20 */ \
  "f1f2f3"                                /*  28 */

#define ACK_PLAIN \
  HEADER ("09")                           /*   0 */ \
  ACKED                                   /*  12 */

#define ACK_NOT_FOUND \
  HEADER ("09")                           /*   0 */ \
  ACKED                                   /*  12 */ \
  "0040 0006 0001"                        /*  20: ends unpadded, 26 bytes in all */

#define LOOKUP_BARE \
  HEADER ("0b")                           /*   0 */ \
  "0045 000c 0000 0000 02 00 0000"        /*  12: nearest */ \
  "0038 0024" KEY_1                       /*  24 */ \
  "0039 0024" KEY_2                       /*  60 */ \
  "009e 001e 0001 001a 009d 0012 1f91" ADDRESS_1 /* 96 */

#define LOOKUP_FULL \
  HEADER ("0b")                           /*   0 */ \
  "0045 000c 0002 0080 08 02 0000"        /*  12: A, the first 128 bits, maintenance */ \
  "0038 0024" KEY_1                       /*  24 */ \
  "0039 0024" KEY_2                       /*  60 */ \
  "009a 003a" ENTRY_1 "0000"              /*  96 */ \
  "009e 0042 0003 003e 009d 0012"         /* 156: 12 + 54 */ \
  "1f91" ADDRESS_1 "1f92" ADDRESS_2 "ffff" ADDRESS_1 "0000" \
  PROOF                                   /* 224 */

#define LOOKUP_SEALED \
  HEADER ("0b")                           /*   0 */ \
  "0045 000c 0000 0000 00 03 0000"        /*  12: exact, split detection */ \
  "0038 0024" KEY_1                       /*  24 */ \
  "0039 0024" KEY_2                       /*  60 */ \
  "009f 0005 77 000000"                   /*  96 */ \
  "00a1 0006 8899 0000"                   /* 104 */ \
  "00a0 0007 aabbcc 00"                   /* 112 */ \
  PROOF                                   /* 120 */

#define BUFFER_FLAGS \
  "0040 0006 0001 0000"                   /*   0: N */

#define BUFFER_FULL \
  "0040 0006 0208 0000"                   /*   0: L, B */ \
  "0080 0007 616263 00"                   /*   8 */ \
  "0085 0012 0003 000e 0084 0002 0048 0069 00fc 0000" /* 16: "Hiü", 12 + 6 */ \
  "005a 0006 6f6b 0000"                   /*  36 */ \
  "009a 003a" ENTRY_1 "0000"              /*  44 */ \
  "009b 0007 010203"                      /* 104: ends unpadded */

#define BUFFER_SEALED \
  "0040 0006 0000 0000"                   /*   0 */ \
  "009f 0005 77 000000"                   /*   8 */ \
  "00a3 0006 0102 0000"                   /*  16 */ \
  "00a4 0004"                             /*  24: empty */ \
  "00a1 0007 070809 00"                   /*  28 */ \
  "00a2 0008 0a0b0c0d"                    /*  36 */
