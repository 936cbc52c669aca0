/** Names of ours as file names. */

/** A name of ours as part of a file name that every system accepts. */
export function fileStem(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_').slice(0, 80);
}
