import { expect } from 'chai';
import { certificateProblems } from '../../stacks/certificate.ts';
import { newPair, openssl } from '../support/certificates.ts';

describe('certificateProblems', () => {
  const { certificate, key } = newPair('test');
  const { key: otherKey } = newPair('test');
  const locked = openssl(key, 'pkey', '-aes256', '-passout', 'pass:word');
  const day = 86_400_000;
  const cases: [
    title: string,
    certificate: string,
    key: string,
    now: number,
    problems: (string | RegExp)[],
  ][] = [
    ['a good pair', certificate, key, Date.now(), []],
    ['another key', certificate, otherKey, Date.now(), ['tlsKey does not belong to tlsCertificate']],
    [
      'text that is neither',
      'certificate.pem',
      'key.pem',
      Date.now(),
      [
        'tlsCertificate cannot be read: it is not a certificate in PEM',
        'tlsKey cannot be read: it is not a private key in PEM, or it has a passphrase',
      ],
    ],
    [
      'a key with a passphrase',
      certificate,
      locked,
      Date.now(),
      ['tlsKey cannot be read: it is not a private key in PEM, or it has a passphrase'],
    ],
    ['an old one', certificate, key, Date.now() + 11 * day, [/^tlsCertificate has expired on /]],
    ['a future one', certificate, key, Date.now() - day, [/^tlsCertificate is not valid before /]],
  ];
  for (const [title, pem, keyPem, now, problems] of cases) {
    it(title, () => {
      const found = certificateProblems(pem, keyPem, now);
      expect(found).to.have.length(problems.length);
      problems.forEach((problem, i) =>
        typeof problem === 'string' ? expect(found[i]).to.equal(problem) : expect(found[i]).to.match(problem),
      );
    });
  }
});
