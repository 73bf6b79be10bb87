import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { faultsOf, readManifests } from './k8s-check.mjs';

const manifests = () => readManifests(join(dirname(fileURLToPath(import.meta.url)), '..', 'k8s'));
const deployment = (documents) => documents.find(({ body }) => body.kind === 'Deployment').body;
const main = (documents) => deployment(documents).spec.template.spec.containers[0];

describe('the manifests', () => {
  it('are good as they are', () => expect(faultsOf(manifests())).toEqual([]));

  it.each([
    ['an unknown field', (all) => { main(all).livenesProbe = {}; }, /livenesProbe/],
    ['a missing selector', (all) => { delete deployment(all).spec.selector; }, /selector/],
    ['a container that may become root', (all) => { main(all).securityContext.allowPrivilegeEscalation = true; }, /allowPrivilegeEscalation/],
    ['a pod that runs as root', (all) => { deployment(all).spec.template.spec.securityContext.runAsUser = 0; }, /numeric uid/],
    ['a worker without a liveness probe', (all) => { delete main(all).livenessProbe; }, /livenessProbe must ask/],
    ['a probe of a port that is closed', (all) => { main(all).readinessProbe.httpGet.port = 'web'; }, /not open/],
    ['a reference to no ConfigMap', (all) => { main(all).envFrom[0].configMapRef.name = 'other'; }, /no ConfigMap other/],
    ['a Service that selects nothing', (all) => { all.find(({ body }) => body.kind === 'Service').body.spec.selector = { app: 'none' }; }, /selects no pod/],
    ['a wrong type', (all) => { deployment(all).spec.replicas = 'two'; }, /replicas/],
  ])('%s is found', (_, spoil, fault) => {
    const all = manifests();
    spoil(all);
    expect(faultsOf(all).join('\n')).toMatch(fault);
  });
});
