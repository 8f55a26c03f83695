import { EndpointView } from '@tandem/common';
import { z } from 'zod';

/** An endpoint as the api lists it. Its URL is masked, and so no URL by the letter of the schema. */
export const EndpointRow = EndpointView.extend({
  url: z.string(),
  /** Of its document, to be given back with a change; 0 where there is none. */
  revision: z.int(),
});
export type EndpointRow = z.infer<typeof EndpointRow>;
