/** The studies screen: all studies, or one of them. */
import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { orpc } from '../../api/client.ts';
import { EmptyState } from '../../shared/empty-state.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { StudyList } from './study-list.tsx';
import { StudyPage } from './study-page.tsx';

export function StudiesScreen({ studyId }: { studyId?: number }) {
  const studies = useQuery(orpc.studies.list.queryOptions());
  return (
    <QueryGate query={studies}>
      {(all) => {
        if (studyId === undefined) return <StudyList studies={all} />;
        const study = all.find(({ id }) => id === studyId);
        return study === undefined ? <NoSuchStudy /> : <StudyPage study={study} />;
      }}
    </QueryGate>
  );
}

function NoSuchStudy() {
  return (
    <EmptyState title="There is no such study" text="It may belong to another library.">
      <Anchor component={Link} href="/studies">
        All studies
      </Anchor>
    </EmptyState>
  );
}
