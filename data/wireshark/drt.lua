-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Wireshark dissector for the Distributed Routing Table, [MC-DRT] version 1.0.
--
--     tshark -X lua_script:drt.lua -r mesh.pcapng
--
-- It finds DRT by its header on any UDP port; ports can also be given in the
-- protocol's preferences, or with Decode As.  What a receiver has to drop is marked
-- with an expert error, what is merely odd with a note.  Every read is checked
-- against the bytes there are: nothing here relies on Wireshark's own bounds.

-- One from a plugin folder may be there already: it stays.
local known, installed = pcall (Dissector.get, "drt")
if known and installed then return end

local drt = Proto ("drt", "Distributed Routing Table")

-- ---- Names of the wire (§2.2) ----------------------------------------------

local TYPES = {
  [0x01] = "SOLICIT", [0x02] = "ADVERTISE", [0x03] = "REQUEST", [0x04] = "FLOOD",
  [0x07] = "INQUIRE", [0x08] = "AUTHORITY", [0x09] = "ACK", [0x0B] = "LOOKUP",
}

local FIELDS = {
  [0x0010] = "DRT_HEADER", [0x0018] = "DRT_HEADER_ACKED", [0x0030] = "DRT_ID", [0x0038] = "TARGET_DRT_ID",
  [0x0039] = "VALIDATE_DRT_ID", [0x0040] = "FLAGS_FIELD", [0x0043] = "FLOOD_CONTROLS", [0x0044] = "SOLICIT_CONTROLS",
  [0x0045] = "LOOKUP_CONTROLS", [0x005A] = "EXTENDED_PAYLOAD", [0x0060] = "DRT_ID_ARRAY", [0x0080] = "CREDENTIAL",
  [0x0084] = "WCHAR", [0x0085] = "CLASSIFIER", [0x0092] = "HASHED_NONCE", [0x0093] = "NONCE",
  [0x0098] = "SPLIT_CONTROLS", [0x009A] = "ROUTING_ENTRY", [0x009B] = "VALIDATE_CPA", [0x009C] = "REVOKE_CPA",
  [0x009D] = "IPV6_ENDPOINT", [0x009E] = "IPV6_ENDPOINT_ARRAY", [0x009F] = "KEYTOKEN",
  [0x00A0] = "ENCRYPTED_ENDPOINT_ARRAY", [0x00A1] = "ENCRYPTED_ROUTING_ENTRY", [0x00A2] = "ENCRYPTED_CPA",
  [0x00A3] = "ENCRYPTED_CLASSIFIER", [0x00A4] = "ENCRYPTED_PAYLOAD", [0x00A5] = "SIGNATURE", [0x00A6] = "KEY_IDENTIFIER",
}

local ID = {}
for id, name in pairs (FIELDS) do ID[name] = id end

local CRITERIA = {
  [0x00] = "exact", [0x01] = "first 128 bits", [0x02] = "nearest", [0x04] = "first 192 bits, nearest",
  [0x08] = "first bits by precision",
}
local REASONS = { [0] = "application", [1] = "registration", [2] = "cache maintenance", [3] = "split detection" }

local HEADER_SIZE, KEY_SIZE, ADDRESS_SIZE, ENDPOINT_SIZE = 12, 32, 16, 18
local ENTRY_HEAD, ARRAY_HEAD = 38, 8
local MIN_PORT, MAX_ADDRESSES, MAX_PATH = 1024, 20, 22
local FRAGMENT_SIZE, MAX_REASSEMBLED = 1188, 0x91E4
local FRAGMENT_LIFE = 1      -- seconds, §3.1.5.5
local REQUEST_LIFE = 30      -- seconds after which a MessageID may mean another request
local CRITERIA_UPPER_BITS = 0x08

-- ---- Fields of the display --------------------------------------------------

local F = {
  header = ProtoField.none ("drt.header", "Header"),
  field = ProtoField.none ("drt.field", "Field"),
  field_id = ProtoField.uint16 ("drt.field.id", "Field ID", base.HEX, FIELDS),
  field_length = ProtoField.uint16 ("drt.field.length", "Length", base.DEC),
  padding = ProtoField.bytes ("drt.padding", "Padding"),
  undecoded = ProtoField.bytes ("drt.undecoded", "Undecoded"),

  identifier = ProtoField.uint8 ("drt.identifier", "Identifier", base.HEX),
  major = ProtoField.uint8 ("drt.version.major", "Major version", base.DEC),
  minor = ProtoField.uint8 ("drt.version.minor", "Minor version", base.DEC),
  type = ProtoField.uint8 ("drt.type", "Message type", base.HEX, TYPES),
  id = ProtoField.uint32 ("drt.id", "Message ID", base.HEX),
  acked = ProtoField.uint32 ("drt.acked", "Acknowledged message ID", base.HEX),

  key = ProtoField.string ("drt.key", "Any key"),
  id_key = ProtoField.string ("drt.id_array.key", "Key"),
  target = ProtoField.string ("drt.target_key", "Target key"),
  validate = ProtoField.string ("drt.validate_key", "Validate key"),

  flags = ProtoField.uint16 ("drt.flags", "Flags", base.HEX),
  flags_l = ProtoField.bool ("drt.flags.l", "L: target unknown, but within my leaf set", 16, nil, 0x0200),
  flags_a = ProtoField.bool ("drt.flags.a", "A: certified peer address wanted", 16, nil, 0x0010),
  flags_x = ProtoField.bool ("drt.flags.x", "X: extended payload wanted", 16, nil, 0x0008),
  flags_b = ProtoField.bool ("drt.flags.b", "B: too busy", 16, nil, 0x0008),
  flags_c = ProtoField.bool ("drt.flags.c", "C: certificate chain wanted", 16, nil, 0x0004),
  flags_n = ProtoField.bool ("drt.flags.n", "N: validate key not registered here", 16, nil, 0x0001),

  flood_flags = ProtoField.uint16 ("drt.flood.flags", "Flags", base.HEX),
  flood_flags_d = ProtoField.bool ("drt.flood.flags.d", "D: no ACK wanted", 16, nil, 0x0001),
  flood_reserved = ProtoField.uint8 ("drt.flood.reserved", "Reserved", base.HEX),

  lookup_flags = ProtoField.uint16 ("drt.lookup.flags", "Flags", base.HEX),
  lookup_flags_a = ProtoField.bool ("drt.lookup.flags.a", "A: nodes that are no closer are welcome", 16, nil, 0x0002),
  precision = ProtoField.uint16 ("drt.lookup.precision", "Precision (bits)", base.DEC),
  criteria = ProtoField.uint8 ("drt.lookup.criteria", "Resolve criteria", base.HEX, CRITERIA),
  reason = ProtoField.uint8 ("drt.lookup.reason", "Resolve reason", base.DEC, REASONS),
  lookup_reserved = ProtoField.uint16 ("drt.lookup.reserved", "Reserved", base.HEX),

  split_size = ProtoField.uint16 ("drt.split.size", "Size of the whole", base.DEC),
  split_offset = ProtoField.uint16 ("drt.split.offset", "Offset", base.DEC),
  fragment = ProtoField.bytes ("drt.fragment", "Fragment"),
  reassembled_in = ProtoField.framenum ("drt.reassembled_in", "Put together in"),
  reassembled_size = ProtoField.uint32 ("drt.reassembled_size", "Size put together", base.DEC),
  buffer = ProtoField.none ("drt.buffer", "AUTHORITY_BUFFER"),
  body = ProtoField.none ("drt.body", "REQUEST from its nonce on"),

  array_count = ProtoField.uint16 ("drt.array.count", "Number of entries", base.DEC),
  array_length = ProtoField.uint16 ("drt.array.length", "Array length", base.DEC),
  array_type = ProtoField.uint16 ("drt.array.type", "Type of elements", base.HEX, FIELDS),
  array_element = ProtoField.uint16 ("drt.array.entry_length", "Length of an entry", base.DEC),

  entry_key = ProtoField.string ("drt.entry.key", "Key"),
  entry_major = ProtoField.uint8 ("drt.entry.major", "DRT major version", base.DEC),
  entry_minor = ProtoField.uint8 ("drt.entry.minor", "DRT minor version", base.DEC),
  entry_port = ProtoField.uint16 ("drt.entry.port", "Port", base.DEC),
  entry_flags = ProtoField.uint8 ("drt.entry.flags", "Flags (reserved)", base.HEX),
  entry_count = ProtoField.uint8 ("drt.entry.count", "Number of addresses", base.DEC),
  entry_address = ProtoField.ipv6 ("drt.entry.address", "Address"),

  endpoint = ProtoField.none ("drt.endpoint", "Endpoint"),
  endpoint_port = ProtoField.uint16 ("drt.endpoint.port", "Port", base.DEC),
  endpoint_address = ProtoField.ipv6 ("drt.endpoint.address", "Address"),

  nonce = ProtoField.bytes ("drt.nonce", "Nonce"),
  hashed_nonce = ProtoField.bytes ("drt.hashed_nonce", "Hashed nonce (SHA-1)"),
  solicit_controls = ProtoField.bytes ("drt.solicit_controls", "Solicit controls"),
  classifier = ProtoField.string ("drt.classifier", "Classifier"),
  payload = ProtoField.bytes ("drt.payload", "Payload"),
  payload_text = ProtoField.string ("drt.payload.text", "Payload as text"),
  credential = ProtoField.bytes ("drt.credential", "Credential (PKCS #7)"),
  encrypted = ProtoField.bytes ("drt.encrypted", "Encrypted"),

  signature = ProtoField.bytes ("drt.signature", "Signature"),
  signature_length = ProtoField.uint16 ("drt.signature.length", "Length", base.DEC),
  key_identifier = ProtoField.bytes ("drt.key_identifier", "Key identifier"),
  keytoken = ProtoField.bytes ("drt.keytoken", "Keytoken"),
  keytoken_iv_length = ProtoField.uint16 ("drt.keytoken.iv_length", "Length of the initialization vector", base.DEC),
  keytoken_iv = ProtoField.bytes ("drt.keytoken.iv", "Initialization vector"),
  keytoken_magic = ProtoField.bytes ("drt.keytoken.constant", "Constant"),
  keytoken_key = ProtoField.bytes ("drt.keytoken.key", "AES-256 key"),

  public_key = ProtoField.none ("drt.public_key", "Public key"),
  public_key_sizes = ProtoField.bytes ("drt.public_key.sizes", "Sizes"),
  public_key_algorithm = ProtoField.string ("drt.public_key.algorithm", "Algorithm"),
  public_key_parameters = ProtoField.bytes ("drt.public_key.parameters", "Parameters"),
  public_key_data = ProtoField.bytes ("drt.public_key.data", "Key (RSAPublicKey)"),

  cpa = ProtoField.bytes ("drt.cpa", "Certified peer address"),
  cpa_flags = ProtoField.uint8 ("drt.cpa.flags", "Flags", base.HEX),
  cpa_revoked = ProtoField.bool ("drt.cpa.flags.revoked", "Revoked", 8, nil, 0x01),
  cpa_major = ProtoField.uint8 ("drt.cpa.major", "Protocol major version", base.DEC),
  cpa_minor = ProtoField.uint8 ("drt.cpa.minor", "Protocol minor version", base.DEC),
  cpa_profile_major = ProtoField.uint8 ("drt.cpa.profile.major", "Security profile major version", base.DEC),
  cpa_profile_minor = ProtoField.uint8 ("drt.cpa.profile.minor", "Security profile minor version", base.DEC),
  cpa_key_length = ProtoField.uint16 ("drt.cpa.key_length", "Key length", base.DEC),
  cpa_key = ProtoField.string ("drt.cpa.key", "Key"),
  cpa_nonce_length = ProtoField.uint16 ("drt.cpa.nonce_length", "Nonce length", base.DEC),
  cpa_nonce = ProtoField.bytes ("drt.cpa.nonce", "Nonce"),
  cpa_count = ProtoField.uint16 ("drt.cpa.count", "Number of service addresses", base.DEC),
  cpa_entry_size = ProtoField.uint16 ("drt.cpa.entry_size", "Size of a service address", base.DEC),

  answered_in = ProtoField.framenum ("drt.answered_in", "Answered in", base.NONE, frametype.RESPONSE),
  answer_to = ProtoField.framenum ("drt.answer_to", "Answer to", base.NONE, frametype.REQUEST),
  retransmission_of = ProtoField.framenum ("drt.retransmission_of", "Retransmission of", base.NONE, frametype.RETRANS_PREV),
  time = ProtoField.relative_time ("drt.time", "Time since the request"),
}

local E = {
  bad_header = ProtoExpert.new ("drt.expert.bad_header", "No DRT header", expert.group.MALFORMED, expert.severity.ERROR),
  bad_type = ProtoExpert.new ("drt.expert.bad_type", "Unknown message type", expert.group.MALFORMED, expert.severity.ERROR),
  truncated = ProtoExpert.new ("drt.expert.truncated", "Ends too early", expert.group.MALFORMED, expert.severity.ERROR),
  missing = ProtoExpert.new ("drt.expert.missing_field", "A field is missing or out of order", expert.group.MALFORMED, expert.severity.ERROR),
  unknown = ProtoExpert.new ("drt.expert.unknown_field", "A field that does not belong here", expert.group.MALFORMED, expert.severity.ERROR),
  length = ProtoExpert.new ("drt.expert.bad_length", "A length that does not fit", expert.group.MALFORMED, expert.severity.ERROR),
  value = ProtoExpert.new ("drt.expert.bad_value", "A value out of range", expert.group.MALFORMED, expert.severity.ERROR),
  cut = ProtoExpert.new ("drt.expert.cut", "Not all of the message was captured", expert.group.UNDECODED, expert.severity.NOTE),
  low_port = ProtoExpert.new ("drt.expert.low_port", "Source port below 1024: to be dropped", expert.group.PROTOCOL, expert.severity.WARN),
  fragment = ProtoExpert.new ("drt.expert.bad_fragment", "Does not fit the fragments before it", expert.group.REASSEMBLE, expert.severity.WARN),
  nonce = ProtoExpert.new ("drt.expert.nonce", "Nonce without the A flag, or the A flag without nonce", expert.group.PROTOCOL, expert.severity.WARN),
  reserved = ProtoExpert.new ("drt.expert.reserved", "Reserved bits are set", expert.group.PROTOCOL, expert.severity.NOTE),
  padding = ProtoExpert.new ("drt.expert.padding", "Padding is not zero", expert.group.PROTOCOL, expert.severity.NOTE),
  unpadded = ProtoExpert.new ("drt.expert.unpadded", "Ends within the padding", expert.group.PROTOCOL, expert.severity.NOTE),
  controls = ProtoExpert.new ("drt.expert.solicit_controls", "SOLICIT_CONTROLS is of the ancestor protocol", expert.group.PROTOCOL, expert.severity.NOTE),
  retransmission = ProtoExpert.new ("drt.expert.retransmission", "Sent again", expert.group.SEQUENCE, expert.severity.NOTE),
}

drt.fields = F
drt.experts = E

-- Some fields may not stand at the end without their padding: their layouts list it.
local PADDED_AT_END = {
  [ID.ROUTING_ENTRY] = true, [ID.REVOKE_CPA] = true, [ID.KEYTOKEN] = true, [ID.FLAGS_FIELD] = false,
}

-- ---- Helpers ----------------------------------------------------------------

-- A key travels least significant byte first and is written the other way round.
local function key_to_hex (range)
  local raw, digits = range:raw (), {}
  for i = #raw, 1, -1 do digits[#digits + 1] = string.format ("%02x", raw:byte (i)) end
  return table.concat (digits)
end

local function short (hex)
  return hex:find ("[^0]") and hex:sub (1, 12) .. "…" or "no key"
end

local function count_of (number, noun)
  return string.format ("%d %s%s", number, noun, number == 1 and "" or "s")
end

local function endpoint_to_string (address, port)
  return string.format ("[%s]:%d", tostring (address), port)
end

-- Every key is also there, unseen, as drt.key: a filter for all that speaks of one.
local function add_key (tree, field, range)
  local hex = key_to_hex (range)
  tree:add (field, range, hex)
  tree:add (F.key, range, hex):set_hidden ()
  return hex
end

local function is_zero (range)
  return not range:raw ():find ("[^\0]")
end

local function add_bytes (item, field, tvb, at, size)
  if size > 0 then item:add (field, tvb (at, size)) end
end

-- ---- Structures: what is wrong with one, and how it is shown -------------------

local function entry_problem (tvb, at, size)
  if size < ENTRY_HEAD then return E.length, "Shorter than a ROUTE_ENTRY" end
  local port, count = tvb (at + 34, 2):uint (), tvb (at + 37, 1):uint ()
  if port < MIN_PORT then return E.value, "Port below 1024" end
  if count < 1 or count > MAX_ADDRESSES then return E.value, "Address count not within 1 to 20" end
  if size ~= ENTRY_HEAD + count * ADDRESS_SIZE then return E.length, "Address count does not fit the length" end
end

local function show_entry (item, tvb, at, size)
  local hex = add_key (item, F.entry_key, tvb (at, KEY_SIZE))
  local port, count = tvb (at + 34, 2):uint (), tvb (at + 37, 1):uint ()
  item:add (F.entry_major, tvb (at + 32, 1))
  item:add (F.entry_minor, tvb (at + 33, 1))
  item:add (F.entry_port, tvb (at + 34, 2))
  local flags = item:add (F.entry_flags, tvb (at + 36, 1))
  if tvb (at + 36, 1):uint () ~= 0 then flags:add_proto_expert_info (E.reserved) end
  item:add (F.entry_count, tvb (at + 37, 1))
  for i = 0, count - 1 do
    item:add (F.entry_address, tvb (at + ENTRY_HEAD + i * ADDRESS_SIZE, ADDRESS_SIZE))
  end
  local first = endpoint_to_string (tvb (at + ENTRY_HEAD, ADDRESS_SIZE):ipv6 (), port)
  item:append_text (string.format (": %s at %s", short (hex), first))
  return short (hex) .. " at " .. first
end

local function show_endpoint (item, tvb, at)
  local port = tvb (at, 2):uint ()
  local text = endpoint_to_string (tvb (at + 2, ADDRESS_SIZE):ipv6 (), port)
  local endpoint = item:add (F.endpoint, tvb (at, ENDPOINT_SIZE))
  endpoint:set_text ("Endpoint: " .. text)
  endpoint:add (F.endpoint_port, tvb (at, 2))
  endpoint:add (F.endpoint_address, tvb (at + 2, ADDRESS_SIZE))
  return text
end

-- FIELD_ARRAY, §2.2.3.6
local function array_problem (tvb, at, size, element_type, element_size, minimum, maximum)
  if size < ARRAY_HEAD then return E.length, "Shorter than a FIELD_ARRAY" end
  local count = tvb (at, 2):uint ()
  if tvb (at + 4, 2):uint () ~= element_type then return E.value, "Wrong type of elements" end
  if tvb (at + 6, 2):uint () ~= element_size then return E.length, "Wrong length of an entry" end
  if tvb (at + 2, 2):uint () ~= ARRAY_HEAD + count * element_size then return E.length, "Array length does not fit its entries" end
  if size ~= ARRAY_HEAD + count * element_size then return E.length, "Number of entries does not fit the length" end
  if count < minimum or count > maximum then
    return E.value, string.format ("Number of entries not within %d to %d", minimum, maximum)
  end
end

local function show_array_head (item, tvb, at)
  item:add (F.array_count, tvb (at, 2))
  item:add (F.array_length, tvb (at + 2, 2))
  item:add (F.array_type, tvb (at + 4, 2))
  item:add (F.array_element, tvb (at + 6, 2))
  return tvb (at, 2):uint ()
end

local function show_keys (item, tvb, at, size)
  local count = show_array_head (item, tvb, at)
  for i = 0, count - 1 do add_key (item, F.id_key, tvb (at + ARRAY_HEAD + i * KEY_SIZE, KEY_SIZE)) end
  item:append_text (": " .. count_of (count, "key"))
  return count
end

local function show_endpoints (item, tvb, at, size)
  local count = show_array_head (item, tvb, at)
  for i = 0, count - 1 do show_endpoint (item, tvb, at + ARRAY_HEAD + i * ENDPOINT_SIZE) end
  item:append_text (": " .. count_of (count, "endpoint"))
  return count
end

local function keys_problem (tvb, at, size)
  return array_problem (tvb, at, size, ID.DRT_ID, KEY_SIZE, 0, 0x7FFF)
end

local function path_problem (tvb, at, size)
  return array_problem (tvb, at, size, ID.IPV6_ENDPOINT, ENDPOINT_SIZE, 1, MAX_PATH)
end

local function flooded_problem (tvb, at, size)
  return array_problem (tvb, at, size, ID.IPV6_ENDPOINT, ENDPOINT_SIZE, 0, MAX_PATH)
end

local function classifier_problem (tvb, at, size)
  return array_problem (tvb, at, size, ID.WCHAR, 2, 0, 0xFFFF)
end

local function show_classifier (item, tvb, at, size)
  local count = show_array_head (item, tvb, at)
  if count > 0 then
    local range = tvb (at + ARRAY_HEAD, count * 2)
    item:add (F.classifier, range, range:ustring ())
  end
end

local function show_payload (item, tvb, at, size)
  add_bytes (item, F.payload, tvb, at, size)
  if size > 0 and not tvb (at, size):raw ():find ("[\0-\8\14-\31\127]") then
    item:add (F.payload_text, tvb (at, size), tvb (at, size):string (ENC_UTF_8)):set_generated ()
  end
  item:append_text (string.format (": %d bytes", size))
  return size
end

-- ---- The derived key security profile 1.0 (§2.2.3.1) and the null provider -------

local SIGNATURE_SIZE = 130

local function is_signature (tvb, at, size)
  return size >= SIGNATURE_SIZE and tvb (at, 2):le_uint () == SIGNATURE_SIZE
end

local function show_signature (item, tvb, at, size)
  if size == SIGNATURE_SIZE and is_signature (tvb, at, size) then
    item:add_le (F.signature_length, tvb (at, 2))
    item:add (F.signature, tvb (at + 2, SIGNATURE_SIZE - 2))
  else
    add_bytes (item, F.signature, tvb, at, size)
  end
end

-- How long the PUBLIC_KEY is that begins here; nil: none does.
local function public_key_size (tvb, at, size)
  if size < 6 then return nil end
  local algorithm, parameters, key = tvb (at, 1):uint (), tvb (at + 1, 2):le_uint (), tvb (at + 3, 2):le_uint ()
  local total = 6 + algorithm + parameters + key
  if algorithm == 20 and key == 140 and total <= size then return total end
end

local function show_public_key (item, tvb, at, size)
  local algorithm, parameters, key = tvb (at, 1):uint (), tvb (at + 1, 2):le_uint (), tvb (at + 3, 2):le_uint ()
  local tree = item:add (F.public_key, tvb (at, size))
  tree:add (F.public_key_sizes, tvb (at, 6)):append_text (string.format (": %d, %d, %d", algorithm, parameters, key))
  tree:add (F.public_key_algorithm, tvb (at + 6, algorithm))
  add_bytes (tree, F.public_key_parameters, tvb, at + 6 + algorithm, parameters)
  tree:add (F.public_key_data, tvb (at + 6 + algorithm + parameters, key))
end

local function show_key_identifier (item, tvb, at, size)
  if public_key_size (tvb, at, size) == size then
    show_public_key (item, tvb, at, size)
  else
    add_bytes (item, F.key_identifier, tvb, at, size)
  end
end

local KEYTOKEN_MAGIC = "\75\68\66\77\1\0\0\0\32\0\0\0"

-- On the wire it is encrypted; what can be read was made by somebody who does not.
local function show_keytoken (item, tvb, at, size)
  local iv = size - 52
  if iv >= 0 and (tvb (at, 2):le_uint () == iv or tvb (at, 2):uint () == iv)
     and tvb (at + 8 + iv, 12):raw () == KEYTOKEN_MAGIC then
    item:add (F.keytoken_iv_length, tvb (at, 2), iv)
    item:add (F.padding, tvb (at + 2, 6))
    add_bytes (item, F.keytoken_iv, tvb, at + 8, iv)
    item:add (F.keytoken_magic, tvb (at + 8 + iv, 12))
    item:add (F.keytoken_key, tvb (at + 20 + iv, 32))
  else
    add_bytes (item, F.keytoken, tvb, at, size)
  end
end

local function show_cpa_versions (item, tvb, at)
  item:add (F.cpa_major, tvb (at, 1))
  item:add (F.cpa_minor, tvb (at + 1, 1))
  item:add (F.cpa_profile_major, tvb (at + 2, 1))
  item:add (F.cpa_profile_minor, tvb (at + 3, 1))
end

local function show_cpa_flags (item, tvb, at)
  item:add (F.cpa_flags, tvb (at, 1)):add (F.cpa_revoked, tvb (at, 1))
end

-- The null provider's: flags, versions, profile 0.1, key, nonce, addresses.
local function is_null_cpa (tvb, at, size)
  if size < 42 or tvb (at, 1):uint () > 1 or tvb (at + 3, 2):uint () ~= 0x0001 or tvb (at + 5, 2):uint () ~= KEY_SIZE then
    return false
  end
  local nonce = tvb (at + 39, 2):uint ()
  return (nonce == 0 or nonce == 16) and size >= 42 + nonce
         and size == 42 + nonce + tvb (at + 41 + nonce, 1):uint () * ENDPOINT_SIZE
end

local function show_null_cpa (item, tvb, at, size)
  local nonce = tvb (at + 39, 2):uint ()
  local count = tvb (at + 41 + nonce, 1):uint ()
  show_cpa_flags (item, tvb, at)
  show_cpa_versions (item, tvb, at + 1)
  item:add (F.cpa_key_length, tvb (at + 5, 2))
  local hex = add_key (item, F.cpa_key, tvb (at + 7, KEY_SIZE))
  item:add (F.cpa_nonce_length, tvb (at + 39, 2))
  add_bytes (item, F.cpa_nonce, tvb, at + 41, nonce)
  item:add (F.cpa_count, tvb (at + 41 + nonce, 1))
  for i = 0, count - 1 do show_endpoint (item, tvb, at + 42 + nonce + i * ENDPOINT_SIZE) end
  item:append_text (string.format (": %s, null provider", short (hex)))
  return short (hex)
end

-- Encoded CPA, §2.2.3.1.1.1
local function derived_cpa_public_key (tvb, at, size)
  if size < 187 + 4 or tvb (at, 1):uint () > 1 or not is_signature (tvb, at + 1, size - 1)
     or tvb (at + 133, 2):uint () ~= 0x0100
     or tvb (at + 135, 2):le_uint () ~= KEY_SIZE or tvb (at + 169, 2):le_uint () ~= 16 then
    return nil
  end
  local key = public_key_size (tvb, at + 187, size - 187 - 4)
  if key == nil then return nil end
  local list = at + 187 + key
  if tvb (list + 2, 2):le_uint () == ENDPOINT_SIZE
     and size == 187 + key + 4 + tvb (list, 2):le_uint () * ENDPOINT_SIZE then
    return key
  end
end

local function show_derived_cpa (item, tvb, at, size, key)
  local list = at + 187 + key
  show_cpa_flags (item, tvb, at)
  show_signature (item, tvb, at + 1, SIGNATURE_SIZE)
  show_cpa_versions (item, tvb, at + 131)
  item:add_le (F.cpa_key_length, tvb (at + 135, 2))
  local hex = add_key (item, F.cpa_key, tvb (at + 137, KEY_SIZE))
  item:add_le (F.cpa_nonce_length, tvb (at + 169, 2))
  item:add (F.cpa_nonce, tvb (at + 171, 16))
  show_public_key (item, tvb, at + 187, key)
  item:add_le (F.cpa_count, tvb (list, 2))
  item:add_le (F.cpa_entry_size, tvb (list + 2, 2))
  for i = 0, tvb (list, 2):le_uint () - 1 do show_endpoint (item, tvb, list + 4 + i * ENDPOINT_SIZE) end
  item:append_text (string.format (": %s, derived key profile 1.0", short (hex)))
  return short (hex)
end

local function show_cpa (item, tvb, at, size)
  if is_null_cpa (tvb, at, size) then return show_null_cpa (item, tvb, at, size) end
  local key = derived_cpa_public_key (tvb, at, size)
  if key then return show_derived_cpa (item, tvb, at, size, key) end
  add_bytes (item, F.cpa, tvb, at, size)
end

-- ---- Reader: field after field, as a receiver reads them ---------------------

local Reader = {}
Reader.__index = Reader

function Reader.new (tvb, tree, kind)
  return setmetatable ({
    tvb = tvb, tree = tree, kind = kind, at = 0, stop = tvb:len (), cut = tvb:reported_len () > tvb:len (),
    failed = false, sealed = false, words = {},
  }, Reader)
end

function Reader:left ()
  return self.stop - self.at
end

-- Nothing after this is read as the layout has it.
function Reader:fail (problem, text, item)
  if self.failed then return end
  self.failed = true
  if self.cut and (problem == E.truncated or self:left () == 0) then problem, text = E.cut, nil end
  item = item or self.tree
  if text then item:add_proto_expert_info (problem, text) else item:add_proto_expert_info (problem) end
end

function Reader:say (...)
  self.words[#self.words + 1] = string.format (...)
end

-- To the next field; what is skipped belongs to the one before.
function Reader:align ()
  local padding = -self.at % 4
  local size = math.min (padding, self:left ())
  if size > 0 then
    local range = self.tvb (self.at, size)
    local item = (self.last or self.tree):add (F.padding, range)
    if not is_zero (range) then item:add_proto_expert_info (E.padding) end
    if size < padding then item:add_proto_expert_info (E.unpadded) end
    self.at = self.at + size
  elseif padding > 0 and PADDED_AT_END[self.last_id] and not self.cut then
    self.last:add_proto_expert_info (E.unpadded)
  end
end

function Reader:peek ()
  if self.failed then return nil end
  self:align ()
  return self:left () >= 2 and self.tvb (self.at, 2):uint () or nil
end

local HANDLERS   -- by field id; below

-- One field whose head is known to be right.
function Reader:show_field (id, handler)
  local length = self.tvb (self.at + 2, 2):uint ()
  local item = self.tree:add (F.field, self.tvb (self.at, length))
  item:set_text (FIELDS[id] or string.format ("Field 0x%04x", id))
  item:add (F.field_id, self.tvb (self.at, 2))
  item:add (F.field_length, self.tvb (self.at + 2, 2))
  self.last, self.last_id = item, id
  self.at = self.at + length

  local at, size = self.at - length + 4, length - 4
  local problem, text
  if handler.problem then problem, text = handler.problem (self.tvb, at, size, self) end
  if problem then
    add_bytes (item, F.undecoded, self.tvb, at, size)
    self:fail (problem, text, item)
    return nil
  end
  if size == 0 then item:append_text (": empty") end
  return handler.show and handler.show (item, self.tvb, at, size, self), size
end

-- The field that has to stand here; gives what its handler does, and its size.
function Reader:required (id, handler)
  if self.failed then return nil end
  if self:peek () ~= id then
    local left = self:left ()
    local cut_off = left > 0 and left < 4
    self:fail (cut_off and E.truncated or E.missing, FIELDS[id] .. " has to stand here")
    return nil
  end
  if self:left () < 4 then return self:fail (E.truncated) end

  local length = self.tvb (self.at + 2, 2):uint ()
  handler = handler or HANDLERS[id]
  if length < 4 or (handler.size and length ~= 4 + handler.size) then
    return self:fail (E.length, string.format ("%s of length %d", FIELDS[id], length))
  end
  if length > self:left () then
    return self:fail (E.truncated, string.format ("%s of length %d reaches past the end", FIELDS[id], length))
  end
  return self:show_field (id, handler)
end

function Reader:optional (id, handler)
  if self:peek () == id then return self:required (id, handler) end
end

-- One field by either of two ids; what there is to say of it, nil where it is not.
function Reader:either (id, other, handler)
  local found = self:peek ()
  if found == id or found == other then return self:required (found, handler) or "sealed" end
end

-- CREDENTIAL, SIGNATURE and KEY_IDENTIFIER: all or none.
function Reader:proof ()
  if self:peek () == ID.CREDENTIAL then
    self:required (ID.CREDENTIAL)
    self:required (ID.SIGNATURE)
    self:required (ID.KEY_IDENTIFIER)
    self.has_proof = true
  end
end

-- What follows a failure, as far as it looks like fields.
function Reader:rest ()
  while self:left () > 0 do
    local id = self:left () >= 4 and self.tvb (self.at, 2):uint ()
    local length = id and self.tvb (self.at + 2, 2):uint ()
    if self.at % 4 ~= 0 or not id or not FIELDS[id] or length < 4 or length > self:left () then
      self.tree:add (F.undecoded, self.tvb (self.at, self:left ()))
      self.at = self.stop
      return
    end
    local handler = HANDLERS[id]
    local fits = handler and (not handler.size or handler.size == length - 4)
    self:show_field (id, fits and handler or { show = function (item, tvb, at, size) add_bytes (item, F.undecoded, tvb, at, size) end })
    self:align ()
  end
end

-- The end: nothing but padding may be left.
function Reader:finish ()
  if not self.failed then
    self:align ()
    if self:left () > 0 then
      local id = self:left () >= 2 and self.tvb (self.at, 2):uint ()
      self:fail (E.unknown, id and FIELDS[id] and FIELDS[id] .. " does not belong here" or nil)
    elseif self.cut then
      self:fail (E.cut)
    end
  end
  if self.failed then self:rest () end
end

-- ---- Fields -------------------------------------------------------------------

local function key_handler (field)
  return { size = KEY_SIZE, show = function (item, tvb, at)
    local hex = add_key (item, field, tvb (at, KEY_SIZE))
    item:append_text (": " .. short (hex))
    return short (hex)
  end }
end

local function bytes_handler (field, size)
  return { size = size, show = function (item, tvb, at, n) add_bytes (item, field, tvb, at, n) end }
end

-- In confidential mode: sealed bytes, unless the provider seals nothing.
local function sealed_handler (problem, show)
  return { show = function (item, tvb, at, size, reader)
    if (reader.keytoken_size or 0) == 0 and size > 0 and problem and not problem (tvb, at, size) then
      item:append_text (" (not encrypted)")
      return show (item, tvb, at, size)
    end
    add_bytes (item, F.encrypted, tvb, at, size)
    item:append_text (string.format (": %d bytes", size))
  end }
end

local function cpa_problem (tvb, at, size)
  return not (is_null_cpa (tvb, at, size) or derived_cpa_public_key (tvb, at, size)) or nil
end

local function never (tvb, at, size) return nil end

local SEALED = {
  cpa = sealed_handler (cpa_problem, show_cpa),
  entry = sealed_handler (entry_problem, show_entry),
  endpoints = sealed_handler (flooded_problem, show_endpoints),
  classifier = sealed_handler (classifier_problem, show_classifier),
  payload = sealed_handler (never, show_payload),
}

-- Bits of FLAGS_FIELD by what carries it.
local FLAG_BITS = {
  REQUEST = {},
  INQUIRE = { { F.flags_a, 0x0010, "CPA" }, { F.flags_x, 0x0008, "payload" }, { F.flags_c, 0x0004, "chain" } },
  AUTHORITY_BUFFER = { { F.flags_l, 0x0200, "within my leaf set" }, { F.flags_b, 0x0008, "too busy" }, { F.flags_n, 0x0001, "not my key" } },
  ACK = { { F.flags_n, 0x0001, "not my key" } },
}

-- Shows bits one by one, and says those that are set; anything else is reserved.
local function show_bits (item, field, bits, range, reader)
  local value, known, parent = range:uint (), 0, item:add (field, range)
  for _, bit in ipairs (bits) do
    parent:add (bit[1], range)
    if value % (bit[2] * 2) >= bit[2] then
      known = known + bit[2]
      if bit[3] then reader:say ("%s", bit[3]) end
    end
  end
  if value ~= known then parent:add_proto_expert_info (E.reserved) end
  return value
end

HANDLERS = {
  [ID.DRT_HEADER_ACKED] = { size = 4, show = function (item, tvb, at, size, reader)
    item:add (F.acked, tvb (at, 4))
    return tvb (at, 4):uint ()
  end },
  [ID.TARGET_DRT_ID] = key_handler (F.target),
  [ID.VALIDATE_DRT_ID] = key_handler (F.validate),
  [ID.FLAGS_FIELD] = { size = 2, show = function (item, tvb, at, size, reader)
    return show_bits (item, F.flags, FLAG_BITS[reader.kind] or {}, tvb (at, 2), reader)
  end },
  [ID.FLOOD_CONTROLS] = { size = 3, show = function (item, tvb, at, size, reader)
    local flags = show_bits (item, F.flood_flags, { { F.flood_flags_d, 0x0001 } }, tvb (at, 2), reader)
    local reserved = item:add (F.flood_reserved, tvb (at + 2, 1))
    if tvb (at + 2, 1):uint () ~= 0 then reserved:add_proto_expert_info (E.reserved) end
    return flags
  end },
  [ID.SOLICIT_CONTROLS] = { show = function (item, tvb, at, size)
    add_bytes (item, F.solicit_controls, tvb, at, size)
    item:add_proto_expert_info (E.controls)
  end },
  [ID.LOOKUP_CONTROLS] = {
    size = 8,
    problem = function (tvb, at)
      local precision, criteria, reason = tvb (at + 2, 2):uint (), tvb (at + 4, 1):uint (), tvb (at + 5, 1):uint ()
      if not CRITERIA[criteria] then return E.value, "Unknown resolve criteria" end
      if not REASONS[reason] then return E.value, "Unknown resolve reason" end
      if criteria == CRITERIA_UPPER_BITS and precision > 256 then return E.value, "Precision above 256 bits" end
    end,
    show = function (item, tvb, at, size, reader)
      show_bits (item, F.lookup_flags, { { F.lookup_flags_a, 0x0002 } }, tvb (at, 2), reader)
      item:add (F.precision, tvb (at + 2, 2))
      item:add (F.criteria, tvb (at + 4, 1))
      item:add (F.reason, tvb (at + 5, 1))
      local reserved = item:add (F.lookup_reserved, tvb (at + 6, 2))
      if tvb (at + 6, 2):uint () ~= 0 then reserved:add_proto_expert_info (E.reserved) end
      local criteria = tvb (at + 4, 1):uint ()
      if criteria == CRITERIA_UPPER_BITS then
        return string.format ("first %d bits, %s", tvb (at + 2, 2):uint (), REASONS[tvb (at + 5, 1):uint ()])
      end
      return string.format ("%s, %s", CRITERIA[criteria], REASONS[tvb (at + 5, 1):uint ()])
    end,
  },
  [ID.SPLIT_CONTROLS] = {
    size = 4,
    problem = function (tvb, at)
      if tvb (at, 2):uint () > MAX_REASSEMBLED then return E.value, "Size above 37348" end
      if tvb (at + 2, 2):uint () % FRAGMENT_SIZE ~= 0 then return E.value, "Offset is no multiple of 1188" end
    end,
    show = function (item, tvb, at)
      item:add (F.split_size, tvb (at, 2))
      item:add (F.split_offset, tvb (at + 2, 2))
      return { size = tvb (at, 2):uint (), offset = tvb (at + 2, 2):uint () }
    end,
  },
  [ID.EXTENDED_PAYLOAD] = { show = show_payload },
  [ID.DRT_ID_ARRAY] = { problem = keys_problem, show = show_keys },
  [ID.CREDENTIAL] = bytes_handler (F.credential),
  [ID.CLASSIFIER] = { problem = classifier_problem, show = show_classifier },
  [ID.HASHED_NONCE] = bytes_handler (F.hashed_nonce, 20),
  [ID.NONCE] = bytes_handler (F.nonce, 16),
  [ID.ROUTING_ENTRY] = { problem = entry_problem, show = show_entry },
  [ID.VALIDATE_CPA] = { show = show_cpa },
  [ID.REVOKE_CPA] = { show = show_cpa },
  [ID.IPV6_ENDPOINT_ARRAY] = { problem = flooded_problem, show = show_endpoints },
  [ID.KEYTOKEN] = { show = function (item, tvb, at, size, reader)
    reader.keytoken_size = size
    show_keytoken (item, tvb, at, size)
    return true
  end },
  [ID.ENCRYPTED_ENDPOINT_ARRAY] = SEALED.endpoints,
  [ID.ENCRYPTED_ROUTING_ENTRY] = SEALED.entry,
  [ID.ENCRYPTED_CPA] = SEALED.cpa,
  [ID.ENCRYPTED_CLASSIFIER] = SEALED.classifier,
  [ID.ENCRYPTED_PAYLOAD] = SEALED.payload,
  [ID.SIGNATURE] = { show = show_signature },
  [ID.KEY_IDENTIFIER] = { show = show_key_identifier },
}

local FLAGGED_PATH = { problem = path_problem, show = show_endpoints }

-- ---- What is remembered of a capture --------------------------------------------

local unfinished    -- fragments that wait for others: by sender, receiver and MessageID
local assemblies    -- what a fragment belongs to: by frame number
local requests      -- by requester, answerer and MessageID
local exchanges     -- what is known of a request or an answer: by frame number

local function forget ()
  unfinished, assemblies, requests, exchanges = {}, {}, {}, {}
end
drt.init = forget
forget ()

local function way (pinfo, id, backwards)
  local source = tostring (pinfo.src) .. "#" .. pinfo.src_port
  local destination = tostring (pinfo.dst) .. "#" .. pinfo.dst_port
  if backwards then source, destination = destination, source end
  return source .. ">" .. destination .. ">" .. id
end

-- Takes a fragment once, in the order of the capture; always gives what it belongs to.
local function assemble (pinfo, id, split, raw)
  if pinfo.visited or pinfo.in_error_pkt then return assemblies[pinfo.number] end

  local place = way (pinfo, id)
  local state = unfinished[place]
  if not state or pinfo.rel_ts - state.since > FRAGMENT_LIFE then
    state = { since = pinfo.rel_ts, size = split.size, have = 0, parts = {} }
    unfinished[place] = state
  end
  if state.size ~= split.size then
    unfinished[place] = nil
    state = { misfit = true }
  elseif not state.parts[split.offset] then
    state.parts[split.offset] = raw
    state.have = state.have + #raw
    if state.have == state.size then
      local pieces = {}
      for offset = 0, state.size - 1, FRAGMENT_SIZE do pieces[#pieces + 1] = state.parts[offset] end
      state.bytes, state.frame, state.parts = table.concat (pieces), pinfo.number, {}
      unfinished[place] = nil
    end
  end
  assemblies[pinfo.number] = state
  return state
end

-- The fragments of a request are one request.
local function note_request (pinfo, id, offset)
  local place = way (pinfo, id)
  local request = requests[place]
  if not request or pinfo.rel_ts - request.time >= REQUEST_LIFE then
    request = { sent = {} }
    requests[place] = request
  end
  exchanges[pinfo.number] = { request = request, again = request.sent[offset] }
  request.sent[offset] = pinfo.number
  request.frame, request.time = pinfo.number, pinfo.rel_ts
end

local function note_answer (pinfo, id)
  local request = requests[way (pinfo, id, true)]
  if not request then return end
  request.answer = request.answer or pinfo.number
  exchanges[pinfo.number] = { to = request.frame, time = pinfo.rel_ts - request.time }
end

local function show_exchange (pinfo, tree)
  local exchange = exchanges[pinfo.number]
  if not exchange then return end
  if exchange.again then
    local item = tree:add (F.retransmission_of, exchange.again)
    item:set_generated ()
    item:add_proto_expert_info (E.retransmission)
  end
  if exchange.request and exchange.request.answer then tree:add (F.answered_in, exchange.request.answer):set_generated () end
  if exchange.to then
    local seconds = math.floor (exchange.time)
    tree:add (F.answer_to, exchange.to):set_generated ()
    tree:add (F.time, NSTime.new (seconds, math.floor ((exchange.time - seconds) * 1e9 + 0.5))):set_generated ()
  end
end

-- ---- Messages (§2.2.2), and the buffers within ------------------------------------

-- AUTHORITY_BUFFER, §2.2.2.6.1
local function read_buffer (r)
  r:required (ID.FLAGS_FIELD)
  r:optional (ID.CREDENTIAL)
  local entry, payload, cpa
  if r:optional (ID.KEYTOKEN) then
    r:optional (ID.ENCRYPTED_CLASSIFIER)
    payload = r:optional (ID.ENCRYPTED_PAYLOAD)
    entry = r:optional (ID.ENCRYPTED_ROUTING_ENTRY)
    cpa = r:optional (ID.ENCRYPTED_CPA)
  else
    r:optional (ID.CLASSIFIER)
    payload = r:optional (ID.EXTENDED_PAYLOAD)
    entry = r:optional (ID.ROUTING_ENTRY)
    cpa = r:optional (ID.VALIDATE_CPA)
  end
  r:finish ()
  if entry then r:say ("next hop %s", entry) end
  if cpa then r:say ("CPA %s", cpa) end
  if payload then r:say ("payload of %d bytes", payload) end
end

-- REQUEST from its nonce on, §2.2.2.3
local function read_body (r)
  r:required (ID.NONCE)
  local count = r:required (ID.DRT_ID_ARRAY)
  r:proof ()
  r:finish ()
  if count then r:say ("%s", count_of (count, "key")) end
end

-- A structure that may have come in fragments, of which this message has one.
local function read_split (r, pinfo, split, size, field, read, kind)
  local at = r.at
  local function read_in (tvb, length)
    local tree = r.tree:add (field, tvb (0, length))
    local inner = Reader.new (tvb, tree, kind)
    inner.words = r.words
    read (inner)
  end

  r.at = at + size
  if split.offset == 0 and size == split.size then return read_in (r.tvb (at, size):tvb (), size) end

  r.offset = split.offset
  r.tree:add (F.fragment, r.tvb (at, size))
  r:say ("bytes %d to %d of %d", split.offset, split.offset + size, split.size)
  local state = assemble (pinfo, r.id, split, r.tvb (at, size):raw ())
  if not state then return end
  if state.misfit then r.tree:add_proto_expert_info (E.fragment) end
  if state.frame == pinfo.number then
    r.tree:add (F.reassembled_size, state.size):set_generated ()
    read_in (ByteArray.new (state.bytes, true):tvb ("Reassembled " .. kind), state.size)
  elseif state.frame then
    r.tree:add (F.reassembled_in, state.frame):set_generated ()
  end
end

-- Cut to exactly 1188 bytes but for the last, §3.2.5.7.
local function split_fits (split, size)
  return size > 0 and split.offset + size <= split.size
         and (size == FRAGMENT_SIZE or split.offset + size == split.size)
end

local MESSAGES = {}

function MESSAGES.SOLICIT (r)
  r:optional (ID.SOLICIT_CONTROLS)
  local entry = r:optional (ID.ROUTING_ENTRY)
  r:optional (ID.SOLICIT_CONTROLS)
  r:required (ID.HASHED_NONCE)
  r:optional (ID.SOLICIT_CONTROLS)
  r:proof ()   -- security profile 2.0 only
  r:finish ()
  r:say ("%s", entry and "key " .. entry or "no key")
end

function MESSAGES.ADVERTISE (r)
  r.answers = r:required (ID.DRT_HEADER_ACKED)
  local count = r:required (ID.DRT_ID_ARRAY)
  r:required (ID.HASHED_NONCE)
  r:finish ()
  if count then r:say ("%s", count_of (count, "key")) end
end

function MESSAGES.REQUEST (r, pinfo)
  local split
  if r:peek () == ID.FLAGS_FIELD then
    r:required (ID.FLAGS_FIELD)
    split = r:required (ID.SPLIT_CONTROLS)
  end
  r:align ()
  if not split or r.failed then return read_body (r) end

  local left, whole = r:left (), split.size
  if split.offset == 0 and whole > 0 and left >= whole and left <= whole + -whole % 4 then
    read_split (r, pinfo, split, whole, F.body, read_body, "REQUEST")
    if r:left () > 0 then r.tree:add (F.padding, r.tvb (r.at, r:left ())) end
    r.at = r.stop
  elseif split_fits (split, left) then
    read_split (r, pinfo, split, left, F.body, read_body, "REQUEST")
  else
    r:fail (r.cut and E.truncated or E.length, "Fragment does not fit its size and offset")
    r:finish ()
  end
end

function MESSAGES.FLOOD (r)
  local flags = r:required (ID.FLOOD_CONTROLS)
  local validate = r:required (ID.VALIDATE_DRT_ID)
  local entry, revoke
  if r:optional (ID.KEYTOKEN) then
    -- The specification keeps the ids of the clear forms in places.
    revoke = r:either (ID.REVOKE_CPA, ID.ENCRYPTED_CPA, SEALED.cpa)
    entry = r:either (ID.ROUTING_ENTRY, ID.ENCRYPTED_ROUTING_ENTRY, SEALED.entry)
    r:optional (ID.ENCRYPTED_ENDPOINT_ARRAY)
  else
    revoke = r:peek () == ID.REVOKE_CPA and (r:required (ID.REVOKE_CPA) or "sealed")
    entry = r:optional (ID.ROUTING_ENTRY)
    r:optional (ID.IPV6_ENDPOINT_ARRAY)
  end
  r:proof ()   -- security profile 2.0 only
  r:finish ()
  r.wants_answer = flags and flags % 2 == 0
  if revoke then r:say ("revoke %s", revoke) end
  if entry then r:say ("entry %s", entry) end
  if validate and validate ~= "no key" then r:say ("to %s", validate) end
  if flags and not r.wants_answer then r:say ("no ACK wanted") end
end

function MESSAGES.INQUIRE (r)
  local flags = r:required (ID.FLAGS_FIELD)
  local key = r:required (ID.VALIDATE_DRT_ID)
  local has_nonce = r:peek () == ID.NONCE
  if has_nonce then r:required (ID.NONCE) end
  if not r.failed and flags and has_nonce ~= (flags % 32 >= 16) then r.tree:add_proto_expert_info (E.nonce) end
  r:proof ()
  r:finish ()
  r.wants_answer = true
  if key then table.insert (r.words, 1, "key " .. key) end
end

function MESSAGES.AUTHORITY (r, pinfo)
  r.answers = r:required (ID.DRT_HEADER_ACKED)
  local split = r:required (ID.SPLIT_CONTROLS)
  if r.failed then return r:finish () end
  if split_fits (split, r:left ()) then
    read_split (r, pinfo, split, r:left (), F.buffer, read_buffer, "AUTHORITY_BUFFER")
  else
    r:fail (r.cut and E.truncated or E.length, "Fragment does not fit its size and offset")
    r.tree:add (F.undecoded, r.tvb (r.at, r:left ()))
  end
end

function MESSAGES.ACK (r)
  r.answers = r:required (ID.DRT_HEADER_ACKED)
  r:optional (ID.FLAGS_FIELD)
  r:finish ()
end

function MESSAGES.LOOKUP (r)
  local controls = r:required (ID.LOOKUP_CONTROLS)
  local target = r:required (ID.TARGET_DRT_ID)
  local validate = r:required (ID.VALIDATE_DRT_ID)
  local sealed = r:optional (ID.KEYTOKEN)
  local entry, path
  if sealed or r:peek () == ID.ENCRYPTED_ROUTING_ENTRY or r:peek () == ID.ENCRYPTED_ENDPOINT_ARRAY then
    entry = r:optional (ID.ENCRYPTED_ROUTING_ENTRY)
    path = r:required (ID.ENCRYPTED_ENDPOINT_ARRAY)
  else
    entry = r:optional (ID.ROUTING_ENTRY)
    path = r:required (ID.IPV6_ENDPOINT_ARRAY, FLAGGED_PATH)
  end
  r:proof ()
  r:finish ()
  r.wants_answer = true
  if target then r:say ("key %s", target) end
  if controls then r:say ("%s", controls) end
  if validate then r:say ("of %s", validate) end
  if entry then r:say ("best so far %s", entry) end
  if path then r:say ("%d on the path", path) end
end

-- ---- A datagram ------------------------------------------------------------------

local function show_header (r, tvb, tree)
  local header = tree:add (F.header, tvb (0, HEADER_SIZE))
  header:add (F.field_id, tvb (0, 2))
  header:add (F.field_length, tvb (2, 2))
  header:add (F.identifier, tvb (4, 1))
  header:add (F.major, tvb (5, 1))
  header:add (F.minor, tvb (6, 1))
  header:add (F.type, tvb (7, 1))
  header:add (F.id, tvb (8, 4))
  r.last, r.id, r.at = header, tvb (8, 4):uint (), HEADER_SIZE
  if tvb (0, 2):uint () ~= ID.DRT_HEADER or tvb (2, 2):uint () ~= HEADER_SIZE or tvb (4, 1):uint () ~= 0x51 then
    r:fail (E.bad_header, nil, header)
  elseif not TYPES[tvb (7, 1):uint ()] then
    r:fail (E.bad_type, nil, header)
  end
  header:append_text (string.format (": version %d.%d, message ID 0x%08x", tvb (5, 1):uint (), tvb (6, 1):uint (), r.id))
end

local function read_message (r, tvb, pinfo, tree)
  if tvb:len () < HEADER_SIZE then
    r:fail (E.truncated, "Shorter than a header")
    return nil
  end
  show_header (r, tvb, tree)
  if r.failed then return nil end

  local name = TYPES[tvb (7, 1):uint ()]
  r.kind = name
  MESSAGES[name] (r, pinfo)
  -- What an ICMPv6 error brings back is no message of its own.
  if not pinfo.visited and not pinfo.in_error_pkt then
    if r.answers then note_answer (pinfo, r.answers) end
    if r.wants_answer or name == "SOLICIT" or name == "REQUEST" then note_request (pinfo, r.id, r.offset or 0) end
  end
  show_exchange (pinfo, tree)
  return name
end

function drt.dissector (tvb, pinfo, root)
  pinfo.cols.protocol = "DRT"
  local tree = root:add (drt, tvb ())
  local r = Reader.new (tvb, tree)
  local name = read_message (r, tvb, pinfo, tree)
  if r:left () > 0 then tree:add (F.undecoded, tvb (r.at, r:left ())) end
  if pinfo.src_port < MIN_PORT then tree:add_proto_expert_info (E.low_port) end

  local line = name or "no message"
  if #r.words > 0 then line = line .. " " .. table.concat (r.words, ", ") end
  if r.failed then line = line .. " [malformed]" end
  pinfo.cols.info:set (line)
  tree:append_text (", " .. line)
  return tvb:len ()
end

-- The fields a message may begin with.
local FIRST = {
  SOLICIT = { [ID.ROUTING_ENTRY] = true, [ID.HASHED_NONCE] = true, [ID.SOLICIT_CONTROLS] = true },
  ADVERTISE = { [ID.DRT_HEADER_ACKED] = true },
  REQUEST = { [ID.FLAGS_FIELD] = true, [ID.NONCE] = true },
  FLOOD = { [ID.FLOOD_CONTROLS] = true },
  INQUIRE = { [ID.FLAGS_FIELD] = true },
  AUTHORITY = { [ID.DRT_HEADER_ACKED] = true },
  ACK = { [ID.DRT_HEADER_ACKED] = true },
  LOOKUP = { [ID.LOOKUP_CONTROLS] = true },
}

local function looks_like_drt (tvb)
  if tvb:len () < HEADER_SIZE + 4 or tvb (0, 2):uint () ~= ID.DRT_HEADER or tvb (2, 2):uint () ~= HEADER_SIZE
     or tvb (4, 1):uint () ~= 0x51 then
    return false
  end
  local name = TYPES[tvb (7, 1):uint ()]
  local length = tvb (14, 2):uint ()
  return name ~= nil and FIRST[name][tvb (12, 2):uint ()] == true
         and length >= 4 and length <= tvb:reported_len () - HEADER_SIZE
end

drt:register_heuristic ("udp", function (tvb, pinfo, root)
  if not looks_like_drt (tvb) then return false end
  drt.dissector (tvb, pinfo, root)
  -- What else goes between these two is DRT as well, even when it is malformed.
  pinfo.conversation = drt
  return true
end)

drt.prefs.ports = Pref.range ("UDP ports", "", "Ports on which everything is DRT", 65535)

local udp_ports = DissectorTable.get ("udp.port")
local registered = ""

function drt.prefs_changed ()
  if registered ~= "" then udp_ports:remove (registered, drt) end
  registered = tostring (drt.prefs.ports)
  if registered ~= "" then udp_ports:add (registered, drt) end
end

udp_ports:add_for_decode_as (drt)
