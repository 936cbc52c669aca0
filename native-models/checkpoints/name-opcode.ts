/** Names of the pickle opcodes that are refused, for messages. Source: CPython's Lib/pickletools.py, protocols 0 to 5. */

const refusedNames: Partial<Record<number, string>> = {
  // Protocols 0 and 1, whose numbers and texts are lines.
  50: 'DUP',
  70: 'FLOAT',
  73: 'INT',
  76: 'LONG',
  83: 'STRING',
  86: 'UNICODE',
  100: 'DICT',
  103: 'GET',
  108: 'LIST',
  112: 'PUT',
  // What is longer than a checkpoint needs.
  139: 'LONG4',
  141: 'BINUNICODE8',
  142: 'BINBYTES8',
  150: 'BYTEARRAY8',
  // What makes or calls things.
  80: 'PERSID',
  105: 'INST',
  111: 'OBJ',
  129: 'NEWOBJ',
  130: 'EXT1',
  131: 'EXT2',
  132: 'EXT4',
  143: 'EMPTY_SET',
  144: 'ADDITEMS',
  145: 'FROZENSET',
  146: 'NEWOBJ_EX',
  151: 'NEXT_BUFFER',
  152: 'READONLY_BUFFER',
};

/** `NEWOBJ (0x81)`; a byte that is no opcode has its number alone. */
export function nameOpcode(code: number): string {
  const hex = `0x${code.toString(16).padStart(2, '0')}`;
  const name = refusedNames[code];
  return name === undefined ? hex : `${name} (${hex})`;
}
