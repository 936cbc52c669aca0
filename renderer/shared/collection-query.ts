/** The query for the images of one collection, and of no other whose name holds its name. */
import { quote } from '../../contract/query.ts';

export function collectionQuery(name: string): string {
  return `collection:${quote(`=${name}`)}`;
}
