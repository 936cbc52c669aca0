/** Names the arithmetic between an image's bytes and a network's input, so that what was stored under another one is not mixed in. */

/** Part of the key of stored features; raised with every change of a prepared number, the decoder's included. */
export const preprocessVersion = 3;
