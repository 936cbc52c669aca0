/** Keeps the page's colour scheme as the settings say. */
import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { orpc } from '../api/client.ts';

/** Shows nothing. */
export function ColourScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useQuery(orpc.settings.get.queryOptions()).data?.colourScheme;
  useEffect(() => {
    if (scheme !== undefined) setColorScheme(scheme);
  }, [scheme, setColorScheme]);
  return null;
}
