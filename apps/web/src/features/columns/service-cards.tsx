import type { List, Service } from '../../api.types.js';
import { formatUnits } from '../../format.js';

interface ServiceCardsProps {
  readonly list: List;
  readonly services: readonly Service[];
  readonly onChoose: (service: Service) => void;
}

/** The catalogue: a card for each service that can fill rows of this kind. */
export function ServiceCards({ list, services, onChoose }: ServiceCardsProps) {
  const fitting = services.filter(({ entityTypes }) => entityTypes.includes(list.entityType));
  if (fitting.length === 0) {
    return <p className="soft">No service has registered for this kind of list yet.</p>;
  }
  return (
    <ul className="service-cards">
      {fitting.map((service) => (
        <li key={service.id}>
          <button type="button" className="service-card" onClick={() => onChoose(service)}>
            <span className="service-mark" aria-hidden="true">
              {service.title.charAt(0)}
            </span>
            <span className="service-text">
              <strong>{service.title}</strong>
              {service.description && <span className="soft">{service.description}</span>}
              <span className="service-facts">
                <span className="chip">{formatUnits(service.price, 'credit')} per filled cell</span>
                <span className="chip">{service.returns}</span>
                {!service.online && <span className="chip chip-warn">Offline</span>}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
