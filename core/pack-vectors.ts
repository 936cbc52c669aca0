/** What a pack gives for an image and under which names it is stored: vectors and signals, of each member. */
import type { PackManifest, PackMember } from '../contract/pack.ts';
import type { VectorKinds, VectorSource } from '../db/features.ts';
import type { MemberSource } from '../db/similarity.ts';

type Named = Pick<PackManifest, 'network'>;

/** The kind of a member's vector: the first member has the plain name, so that heads find it whatever the member is called. */
function kindOf(base: 'features' | 'image', manifest: Named, member: string): string {
  return manifest.network?.members[0]?.name === member ? base : `${base}@${member}`;
}

/** The name of a member's signal: `q`, `s`; with its own name where the pack has several members, whose mean has the plain one. */
export function memberSignal(base: 'q' | 's', manifest: Named, member: string): string {
  return manifest.network?.members.length === 1 ? base : `${base}_${member}`;
}

function hasRole({ graphs }: PackMember, ...roles: string[]): boolean {
  return graphs.some(({ role }) => roles.includes(role));
}

/** The vectors of one member that the library stores an image. */
export function kindsOfMember(manifest: Named, member: PackMember): string[] {
  const kinds: string[] = [];
  if (hasRole(member, 'quality', 'backbone')) kinds.push(kindOf('features', manifest, member.name));
  if (hasRole(member, 'image')) kinds.push(kindOf('image', manifest, member.name));
  return kinds;
}

/** All vectors that an image must have to be done. */
export function vectorsOf(manifest: PackManifest): VectorKinds {
  const { id: packId, features, network } = manifest;
  const kinds = network?.members.flatMap((member) => kindsOfMember(manifest, member)) ?? ['features'];
  return { packId, version: features.version, kinds };
}

/** The vector that heads with inputs `features` read: that of the quality branch or backbone, else the image embedding. */
export function headVectorOf(manifest: PackManifest): VectorSource {
  const { id: packId, features, network } = manifest;
  const hasFeatures = network === null || network.quality !== null;
  return { packId, kind: hasFeatures ? 'features' : 'image', ...features };
}

/** The vector that each member's Q is linear in (the input of its last layer), with the name of that signal. */
export function qualityVectors(manifest: PackManifest): { signal: string; vector: VectorSource }[] {
  const { id: packId, features, network } = manifest;
  if (network?.quality == null) return [];
  const members = network.members.filter((member) => hasRole(member, 'quality'));
  return members.map(({ name }) => ({
    signal: memberSignal('q', manifest, name),
    vector: { packId, kind: kindOf('features', manifest, name), ...features },
  }));
}

/** A member that compares images with prompts. */
export interface SimilarityMember extends MemberSource {
  /** exp(logit_scale): S is this times the cosine. */
  logitScale: number;
  /** Numbers an embedding. */
  length: number;
}

/** The members that give S; none where the pack has no similarity branch. */
export function similarityMembers(manifest: PackManifest): SimilarityMember[] {
  const { id: packId, features, network } = manifest;
  if (network?.similarity == null) return [];
  const { embeddingLength } = network.similarity;
  return network.members.flatMap((member) => {
    if (member.logitScale === null || !hasRole(member, 'image') || !hasRole(member, 'text')) return [];
    return [
      {
        packId,
        member: member.name,
        kind: kindOf('image', manifest, member.name),
        signal: memberSignal('s', manifest, member.name),
        version: features.version,
        logitScale: member.logitScale,
        length: embeddingLength,
      },
    ];
  });
}
