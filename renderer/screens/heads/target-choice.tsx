/** What a new head predicts: usually the dimension it learns from, else another target, each with a head in use of its own. */
import { Autocomplete } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { HeadInputs } from '../../../contract/heads.ts';
import { standardTargets, Target } from '../../../contract/targets.ts';
import { orpc } from '../../api/client.ts';

interface TargetChoiceProps {
  /** As typed; empty where it is the dimension. */
  target: string;
  dimension: string;
  packId: string;
  inputs: HeadInputs;
  onChange: (target: string) => void;
}

/** Whether what was typed can be a target. */
export function isTarget(typed: string): boolean {
  return typed === '' || Target.safeParse(typed).success;
}

export function TargetChoice({ target, dimension, packId, inputs, onChange }: TargetChoiceProps) {
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  const own = heads.filter((head) => head.packId === packId);
  const meant = target === '' ? dimension : target;
  const parent = own.find((head) => head.isActive && head.target === meant && head.inputs === inputs);
  return (
    <Autocomplete
      label="Target"
      placeholder={dimension}
      description={
        parent === undefined
          ? `What the head predicts; empty for ${dimension}. No head of ${meant} with these inputs is in use: there is none to start from.`
          : `What the head predicts; empty for ${dimension}. It starts from “${parent.name}”, in use for ${meant}, and is compared with it.`
      }
      error={isTarget(target) ? null : Target.safeParse(target).error?.issues[0]?.message}
      maxLength={40}
      data={[...new Set([...standardTargets, dimension, ...own.map((head) => head.target)])]}
      value={target}
      onChange={onChange}
    />
  );
}
