/** Where Electron begins. The code is TypeScript, which its node runs as it is; the package carries it with the types stripped. */
import './door.ts';
