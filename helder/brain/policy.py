"""The policy: Rasa's rules, and one more: whatever interrupts a form, the form goes on after it.

Stock Rasa needs a rule per form and interruption to do so. Here every rule answers in the middle of
every form, and the form then asks its question again.
"""

from __future__ import annotations

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import LOOP_RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

NEXT_REQUEST, DO_NEXT = "next_request", "action_next_request"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class InterruptibleRulePolicy(RulePolicy):
    """`RulePolicy` that returns to an interrupted form once the interruption is dealt with.

    An interruption is dealt with when its rule ends. A story (memoized, not a rule) that interrupts
    a form is dealt with after its first action. The fallback is for a message that no rule knows:
    it acts once, where stock Rasa's acts until the circuit breaker trips, unless it reverts.

    What a message asked besides is dealt with when all else is: nothing is to be done any more, no
    form is open, and the slot `next_request` is filled.
    """

    def _predict(
        self, tracker: DialogueStateTracker, domain: Domain
    ) -> tuple[PolicyPrediction, str | None]:
        prediction, source = super()._predict(tracker, domain)
        best = max(prediction.probabilities)
        action = domain.action_names_or_texts[prediction.probabilities.index(best)]
        if (best < 1 or action == ACTION_LISTEN_NAME) and _has_next_request(tracker, domain):
            return self._only(DO_NEXT, 1.0, tracker, domain)
        rule_goes_on = best == 1 and action != ACTION_LISTEN_NAME
        if rule_goes_on or tracker.latest_action_name == ACTION_LISTEN_NAME:
            return prediction, source
        if tracker.active_loop_name and tracker.is_active_loop_rejected:
            return self._only(tracker.active_loop_name, 1.0, tracker, domain)
        if best < 1:
            # No rule: wait for the customer, unless a story has more to do.
            return self._only(ACTION_LISTEN_NAME, best, tracker, domain)
        return prediction, source

    def _only(
        self, action: str, confidence: float, tracker: DialogueStateTracker, domain: Domain
    ) -> tuple[PolicyPrediction, str]:
        certain = self._prediction_result(action, tracker, domain)
        source = LOOP_RULES + action
        prediction = self._rule_prediction(
            [confidence * probability for probability in certain],
            source,
            is_no_user_prediction=True,
        )
        return prediction, source


def _has_next_request(tracker: DialogueStateTracker, domain: Domain) -> bool:
    """Is there more to do that was asked, and nothing else to do before it?"""
    acts = DO_NEXT in domain.action_names_or_texts
    busy = tracker.active_loop_name or tracker.latest_action_name == ACTION_LISTEN_NAME
    waits = NEXT_REQUEST in tracker.slots and tracker.get_slot(NEXT_REQUEST)
    return bool(acts and waits and not busy)
