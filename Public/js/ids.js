// Ids of messages come as text and may be larger than a number can tell apart.

export function isNewer(id, than) {
  return BigInt(id) > BigInt(than);
}

export function newest(one, other) {
  return isNewer(one, other) ? one : other;
}
