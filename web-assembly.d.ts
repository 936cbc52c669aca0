/** The part of WebAssembly that the kernels need: Node has it, but its types carry it only with the browser's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  class Memory {
    /** @param size in pages of 64 KiB */
    constructor(size: { initial: number; maximum: number; shared: true });
    /** Shared, where it was made so. */
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB; gives the number there were. */
    grow(pages: number): number;
  }
}
