/** What stands in for an answer that is not there yet, or never comes. */
import { Alert, Button, Center, Loader } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { errorMessage } from './show-error.ts';

interface QueryGateProps<Data> {
  query: UseQueryResult<Data, Error>;
  children: (data: Data) => ReactNode;
}

/** Shows `children` once the answer is there; before, that it is coming; else what went wrong, and a way to ask again. */
export function QueryGate<Data>({ query, children }: QueryGateProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) {
    return (
      <Alert color="red" title="This could not be read" role="alert">
        {errorMessage(query.error)}
        <Button mt="sm" size="compact-sm" variant="default" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </Alert>
    );
  }
  return (
    <Center p="xl">
      <Loader size="sm" aria-label="Reading" />
    </Center>
  );
}
