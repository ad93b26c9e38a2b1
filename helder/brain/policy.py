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


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class InterruptibleRulePolicy(RulePolicy):
    """`RulePolicy` that returns to an interrupted form once the interruption is dealt with."""

    def _predict(
        self, tracker: DialogueStateTracker, domain: Domain
    ) -> tuple[PolicyPrediction, str | None]:
        prediction, source = super()._predict(tracker, domain)
        if not _is_interrupted(tracker) or _does_more(prediction, domain):
            return prediction, source
        loop = tracker.active_loop_name
        resumed = self._rule_prediction(
            self._prediction_result(loop, tracker, domain),
            LOOP_RULES + loop,
            is_no_user_prediction=True,
        )
        return resumed, LOOP_RULES + loop


def _is_interrupted(tracker: DialogueStateTracker) -> bool:
    """A form had nothing to do with the message, and something else has dealt with it."""
    return bool(
        tracker.active_loop_name
        and tracker.is_active_loop_rejected
        and tracker.latest_action_name != ACTION_LISTEN_NAME
    )


def _does_more(prediction: PolicyPrediction, domain: Domain) -> bool:
    """Is there still something to do before waiting for the customer?"""
    best = max(prediction.probabilities)
    action = domain.action_names_or_texts[prediction.probabilities.index(best)]
    return best > 0 and action != ACTION_LISTEN_NAME
