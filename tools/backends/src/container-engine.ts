import { request } from 'node:http';

/** Whether a container engine answers, found out in a second at most: looking for one in every way takes much longer. */
export function containerEngineAnswers(): Promise<boolean> {
  const host = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  const place = host.startsWith('unix://')
    ? { socketPath: host.slice('unix://'.length) }
    : URL.canParse(host)
      ? { host: new URL(host).hostname, port: new URL(host).port || '2375' }
      : undefined;
  if (place === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const asking = request({ ...place, path: '/_ping', timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(false));
    asking.on('close', () => resolve(false));
    asking.end();
  });
}
